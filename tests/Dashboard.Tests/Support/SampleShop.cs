using System.Globalization;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>
/// What the shop might send while people buy and others attack. The same numbers give the same telemetry, so that
/// pictures and tests can be told apart by what changed in the dashboard.
/// </summary>
internal sealed class SampleShop(Sample sample, TimeProvider clock)
{
    private static readonly string[] Lines =
    [
        "info Catalog.Api.Products: Listed {0} products for page {1}",
        "info Orders.Api.Orders: Order {0} placed with {1} lines",
        "warn Gateway.Limits: Address has {0} of {1} requests left",
        "info Identity.Accounts: Signed in: subject-{0} for client storefront",
        "fail Orders.Api.Outbox: Catalog did not answer within {0} ms, attempt {1}",
    ];

    private uint _chance = 20_26;

    /// <summary>Traces of six spans each over four services, in the last <paramref name="within"/>; one in nine fails, one in ten is a purchase.</summary>
    public async Task TracesAsync(int traces, TimeSpan within)
    {
        var spans = new Dictionary<string, List<(string Scope, SampleSpan Span)>>(StringComparer.Ordinal);
        for (var i = 0; i < traces; i++)
        {
            var start = clock.GetUtcNow() - (within * (1 - ((double)i / traces)));
            foreach (var (resource, scope, span) in i % 10 == 0 ? Purchase(start, i) : Read(start, i))
            {
                if (!spans.TryGetValue(resource, out var list))
                    spans.Add(resource, list = []);
                list.Add((scope, span));
            }
        }

        foreach (var (resource, list) in spans)
        {
            foreach (var scope in list.GroupBy(item => item.Scope, StringComparer.Ordinal))
                await sample.SpansAsync(resource, scope.Select(item => item.Span), $"{resource}-1", scope.Key);
        }
    }

    /// <summary>Log records of services; one in twenty warns, one in fifty fails with an exception.</summary>
    public async Task LogsAsync(int records, TimeSpan within)
    {
        foreach (var (resource, category) in new[] { ("catalog", "SecureShop.Catalog.Products"), ("orders", "SecureShop.Orders.Orders"), ("gateway", "SecureShop.Gateway.Limits") })
        {
            await sample.LogsAsync(
                resource,
                category,
                Enumerable.Range(0, records / 3).Select(i => Log(resource, i, clock.GetUtcNow() - (within * (1 - ((double)i * 3 / records))))),
                $"{resource}-1");
        }
    }

    /// <summary>Sign-ins, and attacks of each kind.</summary>
    public async Task SecurityAsync(int rounds)
    {
        await sample.LogsAsync("identity", "SecureShop.Security", Enumerable.Range(0, rounds).SelectMany(i => new[]
        {
            SampleLog.Security(4001, "SignedIn", null, ("Subject", $"customer-{i % 7}"), ("Client", "storefront")),
            SampleLog.Security(4002, "SignInFailed", "wrong_password", ("Subject", "customer-3"), ("Address", "203.0.113.7")),
            SampleLog.Security(4003, "SignInUnknown", "unknown_account", ("Address", $"203.0.113.{i % 40}")),
            SampleLog.Security(4004, "LockedOut", "locked_out", ("Subject", "customer-3"), ("Address", "203.0.113.7")),
        }));
        await sample.LogsAsync("gateway", "SecureShop.Security", Enumerable.Range(0, rounds).SelectMany(i => new[]
        {
            SampleLog.Security(1002, "TokenRejected", "token_signature", ("Address", "198.51.100.20"), ("Route", "/api/orders/{id}")),
            SampleLog.Security(1002, "TokenRejected", "token_lifetime", ("Subject", $"customer-{i % 7}"), ("Client", "mobile")),
            SampleLog.Security(2001, "LimitHit", "limit_address", ("Class", "Credential"), ("By", "address"), ("Address", "203.0.113.7")),
        }));
        await sample.LogsAsync("orders", "SecureShop.Security", Enumerable.Range(0, rounds).Select(i =>
            SampleLog.Security(1003, "OwnershipRefused", "not_owner", ("Subject", $"customer-{i % 3}"), ("Client", "mobile"), ("Route", "/orders/{id}"), ("Method", "GET"))));
    }

    public static void Console(ConsoleHistory console, int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            var resource = SampleResources.All[i % SampleResources.All.Count];
            console.Add(resource.Name, resource.Replicas[i % resource.Replicas.Count].Name, string.Format(CultureInfo.InvariantCulture, Lines[i % Lines.Length], i, i % 50));
        }
    }

    private IEnumerable<(string Resource, string Scope, SampleSpan Span)> Read(DateTimeOffset start, int number)
    {
        var (trace, failed) = (NextTrace(), number % 9 == 0);
        var (gateway, call, catalog, query) = (NextSpan(), NextSpan(), NextSpan(), NextSpan());
        var took = TimeSpan.FromMilliseconds(3 + (Chance() % 40));
        yield return ("gateway", "Microsoft.AspNetCore", Server(trace, gateway, 0, "GET", "/api/catalog/{**rest}", start, took, failed ? 500 : 200));
        yield return ("gateway", "System.Net.Http", Client(trace, call, gateway, "GET", "catalog", start + (took * 0.1), took * 0.8, failed ? 500 : 200));
        yield return ("catalog", "Microsoft.AspNetCore", Server(trace, catalog, call, "GET", "/products", start + (took * 0.15), took * 0.7, failed ? 500 : 200));
        yield return ("catalog", "Npgsql", Query(trace, query, catalog, "SELECT products", start + (took * 0.3), took * 0.4, failed));
    }

    private IEnumerable<(string Resource, string Scope, SampleSpan Span)> Purchase(DateTimeOffset start, int number)
    {
        var (trace, took) = (NextTrace(), TimeSpan.FromMilliseconds(60 + (Chance() % 200)));
        var (gateway, forward, orders, token, issue) = (NextSpan(), NextSpan(), NextSpan(), NextSpan(), NextSpan());
        var (reserve, catalog) = (NextSpan(), NextSpan());
        yield return ("gateway", "Microsoft.AspNetCore", Server(trace, gateway, 0, "POST", "/api/orders/{**rest}", start, took, 201));
        yield return ("gateway", "System.Net.Http", Client(trace, forward, gateway, "POST", "orders", start + (took * 0.04), took * 0.94, 201));
        yield return ("orders", "Microsoft.AspNetCore", Server(trace, orders, forward, "POST", "/orders", start + (took * 0.06), took * 0.9, 201));
        yield return ("orders", "System.Net.Http", Client(trace, token, orders, "POST", "identity", start + (took * 0.1), took * 0.2, 200));
        yield return ("identity", "Microsoft.AspNetCore", Server(trace, issue, token, "POST", "/connect/token", start + (took * 0.12), took * 0.15, 200));
        yield return ("orders", "System.Net.Http", Client(trace, reserve, orders, "POST", "catalog", start + (took * 0.35), took * 0.3, 200));
        yield return ("catalog", "Microsoft.AspNetCore", Server(trace, catalog, reserve, "POST", "/products/{id}/reservations", start + (took * 0.37), took * 0.25, 200));
        yield return ("catalog", "Npgsql", Query(trace, NextSpan(), catalog, "UPDATE products", start + (took * 0.4), took * 0.18, failed: false));
        yield return ("orders", "Npgsql", Query(trace, NextSpan(), orders, "INSERT orders", start + (took * 0.7), took * 0.12, failed: false));
        if (number % 20 == 0)
            yield return ("orders", "Npgsql", Query(trace, NextSpan(), orders, "INSERT outbox", start + (took * 0.85), took * 0.05, failed: false));
    }

    private static SampleSpan Server(UInt128 trace, ulong id, ulong parent, string method, string route, DateTimeOffset start, TimeSpan took, int status) =>
        new(trace, id, parent, $"{method} {route}")
        {
            Start = start,
            Duration = took,
            Status = status >= 500 ? 2 : 0,
            Attributes = new Dictionary<string, object?>
            {
                ["http.request.method"] = method,
                ["http.route"] = route,
                ["http.response.status_code"] = status,
                ["url.scheme"] = "https",
                ["server.address"] = "127.0.0.1",
                ["network.protocol.version"] = "2",
            },
        };

    private static SampleSpan Client(UInt128 trace, ulong id, ulong parent, string method, string to, DateTimeOffset start, TimeSpan took, int status) =>
        new(trace, id, parent, method)
        {
            Kind = 3,
            Start = start,
            Duration = took,
            Status = status >= 500 ? 2 : 0,
            Attributes = new Dictionary<string, object?> { ["http.request.method"] = method, ["server.address"] = to, ["http.response.status_code"] = status },
        };

    private static SampleSpan Query(UInt128 trace, ulong id, ulong parent, string name, DateTimeOffset start, TimeSpan took, bool failed) =>
        new(trace, id, parent, name)
        {
            Kind = 3,
            Start = start,
            Duration = took,
            Status = failed ? 2 : 0,
            StatusMessage = failed ? "57014: canceling statement due to statement timeout" : null,
            Attributes = new Dictionary<string, object?> { ["db.system.name"] = "postgresql", ["db.namespace"] = "shop", ["db.operation.name"] = name.Split(' ')[0] },
            Events = failed ? [("exception", new Dictionary<string, object?> { ["exception.type"] = "Npgsql.PostgresException", ["exception.message"] = "57014: canceling statement due to statement timeout" })] : [],
        };

    private static SampleLog Log(string resource, int number, DateTimeOffset time) => number % 50 == 0
        ? new($"Request {number} of {resource} failed")
        {
            Time = time,
            Severity = 17,
            EventId = 9,
            EventName = "RequestFailed",
            Attributes = new Dictionary<string, object?>
            {
                ["Number"] = number,
                ["exception.type"] = "System.TimeoutException",
                ["exception.message"] = "The operation has timed out.",
                ["exception.stacktrace"] = "System.TimeoutException: The operation has timed out.\n   at SecureShop.Orders.Outbox.SendAsync()\n   at SecureShop.Orders.Outbox.RunAsync()",
            },
        }
        : new($"Handled request {number} of {resource} in {number % 40} ms")
        {
            Time = time,
            Severity = number % 20 == 0 ? 13 : 9,
            EventId = 7,
            EventName = "RequestHandled",
            Attributes = new Dictionary<string, object?> { ["Number"] = number, ["Milliseconds"] = number % 40, ["{OriginalFormat}"] = "Handled request {Number} in {Milliseconds} ms" },
        };

    private UInt128 NextTrace() => new(NextSpan(), NextSpan());

    private ulong NextSpan() => ((ulong)Chance() << 32) | Chance();

    // Numerical Recipes' generator: repeatable, and no secret hangs on it.
    private uint Chance() => _chance = (_chance * 1_664_525) + 1_013_904_223;
}
