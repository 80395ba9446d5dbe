namespace SecureShop.Identity.Accounts;

/// <summary>
/// Passwords that have leaked often enough to be on the lists that guessing begins with. The file holds five bytes of the SHA-256 of
/// each, sorted: small, read without parsing, and no list to copy from (docs/packages.md says where it comes from and how it is made).
/// </summary>
internal static class BreachedPasswords
{
    private const int Size = 5;

    /// <summary>How much decoration around a leaked password is looked through.</summary>
    private const int MaxDecoration = 6;

    private static readonly byte[] Known = Read();

    /// <summary>Whether <paramref name="password"/> is on the list as it is, in other letters, with digits for letters, doubled or decorated.</summary>
    public static bool Contains(string password)
    {
        var text = password.ToLowerInvariant();
        return ((string[])[text, PasswordReadings.Leet(text), PasswordReadings.Latin(text)]).SelectMany(Forms).Any(IsKnown);
    }

    private static IEnumerable<string> Forms(string text)
    {
        yield return text;
        var bare = Bare(text);
        yield return bare;
        var half = bare.Length / 2;
        if (bare[..half] == bare[half..])
            yield return Bare(bare[..half]);
    }

    // "jesuschrist" of "!jesuschrist2024".
    private static string Bare(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && !char.IsLetter(text[start]))
            start++;
        while (end > start && !char.IsLetter(text[end - 1]))
            end--;
        return text.Length - (end - start) <= MaxDecoration ? text[start..end] : text;
    }

    private static bool IsKnown(string text)
    {
        Span<byte> wanted = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), wanted);
        var (low, high) = (0, (Known.Length / Size) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Known.AsSpan(middle * Size, Size).SequenceCompareTo(wanted[..Size]);
            if (order == 0)
                return true;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    private static byte[] Read()
    {
        using var file = typeof(BreachedPasswords).Assembly.GetManifestResourceStream("breached-passwords.bin")!;
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
