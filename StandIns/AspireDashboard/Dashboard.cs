using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard;

/// <summary>The parts of one dashboard, put together.</summary>
internal sealed class Dashboard
{
    public Dashboard(DashboardOptions options, IResourceHost host, ConsoleHistory console, Origins origins)
    {
        ApplicationName = options.ApplicationName;
        Clock = options.Clock;
        StartedAt = Clock.GetUtcNow();
        Host = host;
        Console = console;
        Origins = origins;
        ApiKey = options.OtlpApiKey ?? Secrets.Make();
        Links = new LoginLinks(origins.Pages, options.BrowserToken ?? Secrets.Make(), options.LoginLinkUsed, Failures);
        Sessions = new Sessions(Clock);
        Live = new LiveFeed(Clock, Versions);
    }

    public string ApplicationName { get; }

    public TimeProvider Clock { get; }

    public DateTimeOffset StartedAt { get; }

    public IResourceHost Host { get; }

    public ConsoleHistory Console { get; }

    public Origins Origins { get; }

    public string ApiKey { get; }

    public Failures Failures { get; } = new();

    public LoginLinks Links { get; }

    public Sessions Sessions { get; }

    public LiveFeed Live { get; }

    private Versions Versions(long resources) => new(resources, Console.Lines.Last, 0, 0, 0, 0);
}
