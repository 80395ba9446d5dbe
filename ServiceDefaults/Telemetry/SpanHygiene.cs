using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>Takes out of spans what must not leave the service or what nobody reads, and gives calls names that tell what was called.</summary>
internal sealed class SpanHygiene : BaseProcessor<Activity>
{
    private readonly Dictionary<(string Host, int Port), string> peers;

    public SpanHygiene(IConfiguration configuration) => peers = configuration.GetSection("services").GetChildren()
        .SelectMany(service => service.GetSection("https").GetChildren().Select(entry => (service.Key, Address: entry.Value)))
        .Where(peer => Uri.TryCreate(peer.Address, UriKind.Absolute, out _))
        .Select(peer => (peer.Key, Address: new Uri(peer.Address!)))
        .DistinctBy(peer => (peer.Address.Host, peer.Address.Port))
        .ToDictionary(peer => (peer.Address.Host, peer.Address.Port), peer => peer.Key);

    public override void OnEnd(Activity data)
    {
        switch (data.Source.Name)
        {
            case "Microsoft.AspNetCore":
                // Query strings hold codes, cursors and what people search for; an unknown method and a Host header are any text
                // at all, and a browser's name tells people apart.
                data.SetTag("url.query", null);
                data.SetTag("http.request.method_original", null);
                data.SetTag("user_agent.original", null);
                data.SetTag("server.address", null);
                data.SetTag("server.port", null);
                break;
            case "System.Net.Http":
                DescribeCall(data);
                break;
            case "Npgsql":
                DescribeQuery(data);
                break;
        }
    }

    private void DescribeCall(Activity span)
    {
        if (span.GetTagItem("server.address") is not string host || span.GetTagItem("server.port") is not int port)
            return;
        if (peers.TryGetValue((host, port), out var peer))
        {
            span.SetTag("peer.service", peer);
            span.DisplayName = $"{span.GetTagItem("http.request.method")} {peer}";
        }

        // The runtime leaves the query out of the address. A path that led nowhere is the caller's own text (see RequestSpan).
        if (span.GetTagItem("http.response.status_code") is 404)
            span.SetTag("url.full", $"https://{host}:{port}/");
    }

    private static void DescribeQuery(Activity span)
    {
        // The connection string of every query again, without its password.
        span.SetTag("db.npgsql.data_source", null);
        span.SetTag("db.npgsql.connection_id", null);
        if (span.GetTagItem("db.query.text") is string text && QuerySummary.Of(text) is { } summary)
        {
            span.SetTag("db.query.summary", summary);
            span.DisplayName = summary;
        }
    }
}
