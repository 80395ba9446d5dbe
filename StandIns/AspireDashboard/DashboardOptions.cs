namespace SecureShop.StandIns.AspireDashboard;

/// <summary>How the dashboard is served.</summary>
public sealed record DashboardOptions
{
    /// <summary>What it is the dashboard of.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>The port of the pages, on loopback; 0 takes a free one.</summary>
    public required int Port { get; init; }

    /// <summary>The port of the OTLP receiver, on loopback; 0 takes a free one.</summary>
    public required int OtlpPort { get; init; }

    /// <summary>The certificate for localhost and 127.0.0.1, PEM.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>Its private key, PEM.</summary>
    public required string KeyPath { get; init; }

    /// <summary>What senders of telemetry have to show in <c>x-otlp-api-key</c>; null has one made.</summary>
    public string? OtlpApiKey { get; init; }

    /// <summary>The first login token; null has one made.</summary>
    public string? BrowserToken { get; init; }

    /// <summary>Called with the next login link after one was used, so that it can be printed.</summary>
    public Action<Uri>? LoginLinkUsed { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Spans that are kept of every second, on average; a laptop under full load sends some thousands more.</summary>
    internal int SpansPerSecond { get; init; } = 2_000;

    /// <summary>Log records, likewise.</summary>
    internal int RecordsPerSecond { get; init; } = 5_000;
}
