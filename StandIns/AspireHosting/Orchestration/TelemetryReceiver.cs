namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Where projects send their telemetry.</summary>
/// <param name="Url">The address.</param>
/// <param name="Protocol">As OpenTelemetry names it.</param>
/// <param name="ApiKey">What it wants to be shown.</param>
internal sealed record TelemetryReceiver(string Url, string Protocol, string? ApiKey);
