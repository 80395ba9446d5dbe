namespace SecureShop.Identity.Sessions;

/// <summary>
/// What a browser calls itself, in words from a fixed list: the header is whatever a caller likes, and nothing of it is kept. Made for
/// people to tell their own devices apart; nothing is decided by it.
/// </summary>
internal static class DeviceWords
{
    private const int Read = 512;

    // In this order: browsers call themselves by the names of others too.
    private static readonly (string Mark, string Word)[] Programs =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Word)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux")];

    public static string Of(string userAgent)
    {
        var text = userAgent.Length > Read ? userAgent[..Read] : userAgent;
        return $"{Find(Programs, text) ?? "A browser"} on {Find(Systems, text) ?? "a device of an unknown kind"}";
    }

    private static string? Find((string Mark, string Word)[] known, string text)
        => Array.Find(known, one => text.Contains(one.Mark, StringComparison.Ordinal)).Word;
}
