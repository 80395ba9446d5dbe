using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Metrics;
using SecureShop.StandIns.AspireDashboard.History.Security;
using SecureShop.StandIns.AspireDashboard.Otlp;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard;

/// <summary>The parts of one dashboard, put together.</summary>
internal sealed class Dashboard : IDisposable
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
        Metrics = new MetricHistory(Clock);
        Security = new SecurityHistory(Clock);
        TraceReader = new TraceReader(Traces, options.SpansPerSecond, Clock);
        LogReader = new LogReader(Logs, Security, options.RecordsPerSecond, Clock);
        MetricReader = new MetricReader(Metrics, Clock);
        Receiver = new Receiver(ApiKey, TraceReader, MetricReader, LogReader);
        Live = new LiveFeed(Clock, Versions);
    }

    public string ApplicationName { get; }

    public TimeProvider Clock { get; }

    public DateTimeOffset StartedAt { get; }

    public IResourceHost Host { get; }

    public ConsoleHistory Console { get; }

    public LogHistory Logs { get; } = new();

    public TraceHistory Traces { get; } = new();

    public MetricHistory Metrics { get; }

    public SecurityHistory Security { get; }

    public TraceReader TraceReader { get; }

    public LogReader LogReader { get; }

    public MetricReader MetricReader { get; }

    public Receiver Receiver { get; }

    public Origins Origins { get; }

    public string ApiKey { get; }

    public Failures Failures { get; } = new();

    public LoginLinks Links { get; }

    public Sessions Sessions { get; }

    public LiveFeed Live { get; }

    public void Dispose()
    {
        Live.Dispose();
        Receiver.Dispose();
    }

    private Versions Versions(long resources) =>
        new(resources, Console.Lines.Last, Logs.Records.Last, Traces.Changes, Metrics.Changes, Security.Changes);
}
