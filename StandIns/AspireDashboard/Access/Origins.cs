using System.Globalization;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>
/// The names under which the dashboard answers, and no others: a name that an attacker owns can be made to resolve to
/// 127.0.0.1 (DNS rebinding), and then a browser takes our answers for that site's own. Names are compared as they are:
/// a trailing dot, another port or a user part is another name.
/// </summary>
internal sealed class Origins
{
    private readonly string _pagesHost;
    private readonly string _pagesByName;
    private readonly string[] _receiverHosts;

    public Origins(int pagesPort, int receiverPort)
    {
        PagesPort = pagesPort;
        ReceiverPort = receiverPort;
        // Pages live at the address, not the name: cookies know no ports, so one of localhost would go to the shop too.
        Pages = new Uri($"https://127.0.0.1:{Text(pagesPort)}");
        Receiver = new Uri($"https://localhost:{Text(receiverPort)}");
        PagesOrigin = Pages.GetLeftPart(UriPartial.Authority);
        _pagesHost = Host("127.0.0.1", pagesPort);
        _pagesByName = Host("localhost", pagesPort);
        _receiverHosts = [Host("localhost", receiverPort), Host("127.0.0.1", receiverPort), Host("[::1]", receiverPort)];
    }

    public int PagesPort { get; }

    public int ReceiverPort { get; }

    public Uri Pages { get; }

    public Uri Receiver { get; }

    /// <summary>As browsers write it in an Origin header.</summary>
    public string PagesOrigin { get; }

    public bool IsPages(string? host) => string.Equals(host, _pagesHost, StringComparison.Ordinal);

    public bool IsPagesByName(string? host) => string.Equals(host, _pagesByName, StringComparison.OrdinalIgnoreCase);

    public bool IsReceiver(string? host) => Array.Exists(_receiverHosts, name => string.Equals(host, name, StringComparison.OrdinalIgnoreCase));

    // Clients leave out the port that https has anyway.
    private static string Host(string name, int port) => port == 443 ? name : $"{name}:{Text(port)}";

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
