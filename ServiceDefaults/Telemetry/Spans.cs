using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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

/// <summary>What a query does in a few words: <c>SELECT catalog.products</c>.</summary>
internal static class QuerySummary
{
    private const string Settings = "select set_config(";

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

    /// <summary>The operation and its first table, or the operation alone.</summary>
    public static string? Of(ReadOnlySpan<char> query)
    {
        // For whom it is comes first (docs/database.md): that is not what it does.
        if (query.StartsWith(Settings, StringComparison.Ordinal) && query.IndexOf(';') is > 0 and var end)
            query = query[(end + 1)..];
        query = query.TrimStart();
        var verb = Word(query);
        if (verb.IsEmpty)
            return null;

        var name = verb.ToString().ToUpperInvariant();
        var table = Table(query[verb.Length..], name);
        return table.IsEmpty ? name : $"{name} {table}";
    }

    private static ReadOnlySpan<char> Table(ReadOnlySpan<char> rest, string verb)
    {
        if (verb is "UPDATE")
            return Word(rest.TrimStart());
        var keyword = verb switch
        {
            "INSERT" => "INTO ",
            "SELECT" or "DELETE" => "FROM ",
            _ => null,
        };

        // "FROM (SELECT ... FROM table": the table is inside.
        while (keyword is not null && rest.IndexOf(keyword, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
        {
            rest = rest[(at + keyword.Length)..].TrimStart();
            if (Word(rest) is { IsEmpty: false } table)
                return table;
        }

        return default;
    }

    private static ReadOnlySpan<char> Word(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(Letters);
        return end < 0 ? text : text[..end];
    }
}

/// <summary>Names the server span after the route, never after the path: paths hold identifiers and have no end.</summary>
internal static class RequestSpan
{
    /// <summary>Called when the instrumentation has written what it knows, and has the last word.</summary>
    public static void Describe(Activity span, HttpContext context)
    {
        var status = context.Response.StatusCode;
        var route = RequestNames.Route(context);
        if (route is not null)
            span.SetTag("http.route", route);

        // The conventions name an unknown method HTTP.
        var method = RequestNames.Method(context);
        span.DisplayName = $"{(method == RequestNames.OtherMethod ? "HTTP" : method)} {route}".TrimEnd();

        // A path that leads nowhere is the caller's own text: somebody's address, or a token pasted into the wrong place.
        if (route is null || (status == StatusCodes.Status404NotFound && route.Contains("{**", StringComparison.Ordinal)))
            span.SetTag("url.path", null);

        if (status >= StatusCodes.Status500InternalServerError && span.GetTagItem("error.type") is null)
            span.SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>Names of a request that no caller can word.</summary>
internal static class RequestNames
{
    /// <summary>What the conventions write for a method that HTTP does not know.</summary>
    public const string OtherMethod = "_OTHER";

    /// <summary>The pattern of the route that was matched, or null.</summary>
    public static string? Route(HttpContext context)
    {
        // The exception handler has taken the endpoint off the context.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if (endpoint is not RouteEndpoint { RoutePattern.RawText: { } pattern })
            return null;
        return pattern.StartsWith('/') ? pattern : "/" + pattern;
    }

    /// <summary>The method, or <see cref="OtherMethod"/>.</summary>
    public static string Method(HttpContext context)
    {
        var method = context.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method)
            || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPatch(method) || HttpMethods.IsTrace(method)
            || HttpMethods.IsConnect(method)
                ? HttpMethods.GetCanonicalizedValue(method)
                : OtherMethod;
    }
}
