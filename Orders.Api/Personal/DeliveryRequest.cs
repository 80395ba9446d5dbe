using System.ComponentModel;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Orders.Personal;

/// <summary>Where an order is sent, and whom the carrier may ask. All of it is about a person, and is kept sealed.</summary>
public sealed record DeliveryRequest
{
    private const int Line = 100;
    private const int NoteLength = 300;
    private const string PostalCodes = "3 to 12 capital letters, digits, spaces and hyphens, as on an envelope.";
    private const string Phones = "An international phone number: + and 7 to 15 digits, without spaces.";

    /// <summary>Who gets it.</summary>
    [PlainText(Line)]
    public required string Recipient { get; init; }

    /// <summary>Street and number.</summary>
    [PlainText(Line)]
    public required string Street { get; init; }

    /// <summary>What else stands in the address.</summary>
    [Description("A floor, a flat, a company.")]
    [PlainText(Line)]
    public string? Supplement { get; init; }

    /// <summary>The postal code.</summary>
    [Description(PostalCodes)]
    [Pattern("^[A-Z0-9][A-Z0-9 -]{1,10}[A-Z0-9]$", ErrorMessage = PostalCodes)]
    public required string PostalCode { get; init; }

    /// <summary>The town.</summary>
    [PlainText(Line)]
    public required string City { get; init; }

    /// <summary>The country.</summary>
    [Description(Countries.Message)]
    [Country(ErrorMessage = Countries.Message)]
    public required string Country { get; init; }

    /// <summary>A phone number for the carrier.</summary>
    [Description(Phones)]
    [Pattern("^\\+[1-9][0-9]{6,14}$", ErrorMessage = Phones)]
    public string? Phone { get; init; }

    /// <summary>An address that news of this delivery goes to.</summary>
    [PlainText(EmailAddress.MaxLength)]
    [PossibleEmailAddress(ErrorMessage = "An e-mail address.")]
    public string? Email { get; init; }

    /// <summary>What the carrier should know.</summary>
    [PlainText(NoteLength, Lines = true)]
    public string? Note { get; init; }
}
