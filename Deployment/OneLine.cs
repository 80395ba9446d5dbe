using System.Globalization;

namespace SecureShop.Deployment;

/// <summary>Text from elsewhere, for the console.</summary>
internal static class OneLine
{
    private const int Longest = 400;

    /// <summary>On one line and not too long. An escape sequence or line break in it could paint over what stands above.</summary>
    public static string Of(string? text)
    {
        var clean = string.Concat((text ?? "").Take(Longest).Select(character => char.GetUnicodeCategory(character)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : character));
        return string.Join(' ', clean.Split(' ', StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
    }
}
