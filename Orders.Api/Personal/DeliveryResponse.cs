namespace SecureShop.Orders.Personal;

/// <summary>Where an order is sent, for its customer and for staff.</summary>
/// <param name="Recipient">Who gets it.</param>
/// <param name="Street">Street and number.</param>
/// <param name="Supplement">What else stands in the address.</param>
/// <param name="PostalCode">The postal code.</param>
/// <param name="City">The town.</param>
/// <param name="Country">Two letters of ISO 3166-1.</param>
/// <param name="Phone">A phone number for the carrier.</param>
/// <param name="Email">An address that news of this delivery goes to.</param>
/// <param name="Note">What the carrier should know.</param>
public sealed record DeliveryResponse(
    string Recipient, string Street, string? Supplement, string PostalCode, string City, string Country, string? Phone, string? Email, string? Note)
{
    internal static DeliveryResponse Of(Delivery delivery) => new(
        delivery.Recipient, delivery.Street, delivery.Supplement, delivery.PostalCode, delivery.City, delivery.Country, delivery.Phone, delivery.Email, delivery.Note);
}

/// <summary>What a seller writes on a parcel: all that a carrier asks for, and no e-mail address that the customer could be written to.</summary>
/// <param name="Recipient">Who gets it.</param>
/// <param name="Street">Street and number.</param>
/// <param name="Supplement">What else stands in the address.</param>
/// <param name="PostalCode">The postal code.</param>
/// <param name="City">The town.</param>
/// <param name="Country">Two letters of ISO 3166-1.</param>
/// <param name="Phone">A phone number for the carrier.</param>
/// <param name="Note">What the carrier should know.</param>
public sealed record ShippingLabelResponse(
    string Recipient, string Street, string? Supplement, string PostalCode, string City, string Country, string? Phone, string? Note)
{
    internal static ShippingLabelResponse Of(Delivery delivery) => new(
        delivery.Recipient, delivery.Street, delivery.Supplement, delivery.PostalCode, delivery.City, delivery.Country, delivery.Phone, delivery.Note);
}
