using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace SecureShop.ServiceDefaults.Text;

/// <summary>
/// When two e-mail addresses are one: their text by the rule for identifiers, their domain as the DNS knows it, so that
/// <c>bücher.example</c> and <c>xn--bcher-kva.example</c> are the same too (RFC 5890).
/// </summary>
public static class EmailAddress
{
    /// <summary>The longest that mail can be sent to (RFC 5321).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalPart = 64;

    // As mail servers do: underscores and the like are not for us to refuse.
    private static readonly IdnMapping Dns = new();

    /// <summary>What accounts are looked up by, throttled by and kept apart by. Any text has such a form.</summary>
    public static string Normalize(string typed)
    {
        var text = NormalizedText.Identifier(typed);
        var at = text.LastIndexOf('@');
        var domain = text[(at + 1)..];
        return at < 0 ? text : text[..(at + 1)] + (AsciiDomain(domain)?.ToUpperInvariant() ?? domain);
    }

    /// <summary>Whether it could be one, and fits into its columns in every form. Whether mail arrives there, only mail can tell.</summary>
    public static bool IsValid(string typed)
    {
        var text = NormalizedText.Compatible(typed);
        return PlainText.IsPlain(typed) && text.Split('@') is [{ Length: > 0 } local, { Length: > 0 } domain]
            && NormalizedText.Length(local) <= MaxLocalPart
            && text.Length <= MaxLength && Normalize(typed).Length <= MaxLength
            && text.EnumerateRunes().All(IsVisible)
            && AsciiDomain(domain)?.Split('.') is { Length: > 1 } labels && labels.All(label => label.Length > 0);
    }

    // Invisible characters would make an address that reads as another one: besides those that no text may have, the marks and
    // selectors that show nothing themselves (Unicode's Default_Ignorable_Code_Point; RFC 8264, section 9.13).
    private static bool IsVisible(Rune rune) => PlainText.IsPlain(rune.ToString()) && !Rune.IsWhiteSpace(rune)
        && rune.Value is not (0x200C or 0x200D or 0x034F or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF));

    private static string? AsciiDomain(string domain)
    {
        if (Ascii.IsValid(domain))
            return domain;
        try
        {
            return Dns.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            // No domain; there is no way to ask before.
            return null;
        }
    }
}

/// <summary>The text can be an e-mail address.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PossibleEmailAddressAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is string text && EmailAddress.IsValid(text));
}
