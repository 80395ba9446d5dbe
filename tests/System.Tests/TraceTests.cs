using System.Net;
using System.Text.RegularExpressions;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Telemetry;

namespace SecureShop.SystemTests;

/// <summary>One request is one trace, from the edge to the SQL, in the words of the semantic conventions.</summary>
[Collection<RecordedRunCollection>]
[Trait("Practice", "P33")]
public sealed partial class TraceTests(RecordedRun run, ShopSystem shop)
{
    [Fact]
    public void A_purchase_is_one_trace_of_the_hops_it_needs_and_no_others()
    {
        var purchases = Traces().Where(trace => trace.Roots.Any(root => root.Name == "POST /api/orders" && root["http.response.status_code"] == "201")).ToList();

        // The gateway asks its limits. Orders asks for a token of its own once, and uses it until it ends; Redis remembers what it has proved itself by. Identity
        // reads its clients once, for whoever asks first: for this purchase, or for a service that looks what people ask of it.
        Assert.Equal(
            """
            gateway Server: POST /api/orders
              gateway redis
              gateway Client: POST orders
                orders Server: POST /
                  orders postgresql
                  orders Client: POST identity
                    identity Server: POST /connect/token
                      identity redis
                  orders Client: PUT catalog
                    catalog Server: PUT /reservations/{orderId:guid}
                      catalog postgresql
                    catalog Server: PUT /reservations/{orderId:guid}/confirmed
            """,
            purchases[0].Shape().Replace("          identity postgresql\n", "", StringComparison.Ordinal));
        Assert.Equal(
            """
            gateway Server: POST /api/orders
              gateway redis
              gateway Client: POST orders
                orders Server: POST /
                  orders postgresql
                  orders Client: PUT catalog
                    catalog Server: PUT /reservations/{orderId:guid}
                      catalog postgresql
                    catalog Server: PUT /reservations/{orderId:guid}/confirmed
            """,
            purchases[1].Shape());
    }

    [Fact]
    public void A_sign_in_leads_to_the_accounts_and_to_the_counters()
    {
        var signIns = Traces().Where(trace => trace.Spans.Any(span => span.Name == "POST /account/login" && span["http.response.status_code"] == "302"));

        // One of them: for a while after Redis was slow, attempts are counted without it.
        Assert.Contains(
            """
            gateway Server: POST /@identity/{**path}
              gateway redis
              gateway Client: POST identity
                identity Server: POST /account/login
                  identity redis
                  identity postgresql
            """,
            signIns.Select(signIn => signIn.Shape()));
    }

    [Fact]
    public void The_trace_id_of_a_problem_leads_through_every_part()
    {
        var trace = Traces().Single(trace => trace.Spans[0].TraceId == run.RefusedOrder);

        Assert.Equal(["gateway", "orders", "catalog"], trace.Spans.Where(span => span.Kind == SpanKind.Server).Select(span => span.Service).Distinct());
        Assert.All(["orders", "catalog"], service => Assert.Contains(trace.Spans, span => span.Service == service && span.IsSql));
        Assert.All(trace.Spans.Where(span => span.Kind == SpanKind.Server), span => Assert.False(span.Failed, $"A refusal is no failure: {span}"));
    }

    [Fact]
    public void Every_trace_is_whole()
    {
        Assert.All(Traces(), trace =>
        {
            Assert.True(trace.Roots.Count() == 1, $"{trace.Roots.Count()} beginnings: {string.Join(", ", trace.Roots)}");
            Assert.True(!trace.Orphans.Any(), $"Without their callers: {string.Join(", ", trace.Orphans)}");
        });
    }

    [Fact]
    public void Requests_are_named_after_their_routes()
    {
        var requests = run.Spans.Where(span => span.Kind == SpanKind.Server).ToList();

        Assert.All(requests, span =>
        {
            Assert.Matches("^([A-Z]+|_OTHER)$", span["http.request.method"]);
            Assert.Matches("^[1-5][0-9][0-9]$", span["http.response.status_code"]);
            Assert.Matches("^https?$", span["url.scheme"]);
            Assert.Equal($"{span["http.request.method"].Replace("_OTHER", "HTTP", StringComparison.Ordinal)} {span["http.route"]}".TrimEnd(), span.Name);
            Assert.Equal(span["http.response.status_code"][0] == '5', span.Failed);
            Assert.DoesNotMatch("[0-9a-f]{8}-[0-9a-f]{4}-", span.Name);
        });
        Assert.Contains(requests, span => span.Failed);
        Assert.Contains(requests, span => span["http.route"] == "/api/orders/{id:guid}/cancel");
    }

    [Fact]
    public void Calls_and_statements_say_where_they_went_and_statements_hold_no_values()
    {
        var calls = run.Spans.Where(span => span.Kind == SpanKind.Client).ToList();

        // Where a store could not be reached, nobody knows which address it would have been.
        Assert.All(calls.Where(span => !span.Failed || span.Scope == "System.Net.Http"), span =>
        {
            Assert.Equal("localhost", span["server.address"]);
            Assert.Matches("^[0-9]+$", span["server.port"]);
        });
        Assert.All(calls.Where(span => span.IsSql), span =>
        {
            Assert.Equal("shop", span["db.namespace"]);

            // The literals that are the code's own: languages and marks of the search, a lock without an end, statuses, the settings of row-level security.
            Assert.All(Literals().Matches(span["db.query.text"]), literal => Assert.Matches(
                "^('|'infinity|'valid|'redeemed|'revoked|'shop\\.(subject|rights|task)|'(language=|category=|seller=)?(simple|english|french|german|italian|spanish|swedish)?)'$",
                literal.Value));
        });
        Assert.Contains(calls, span => Regex.IsMatch(span["db.query.text"], "@[a-z]", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
        Assert.Contains(calls, span => span["db.system.name"] == "redis" && span["db.operation.name"].Length > 0);
        Assert.All(calls.Where(span => span.Scope == "System.Net.Http"), span => Assert.Matches("^(gateway|identity|catalog|orders)$", span["peer.service"]));
    }

    [Fact]
    public async Task A_caller_does_not_choose_the_trace()
    {
        using var guest = shop.Guest();
        const string chosen = "0af7651916cd43dd8448eb211c80319c";

        using var answer = await guest.SendAsync(HttpMethod.Get, "/api/orders", json: null, ("traceparent", $"00-{chosen}-b7ad6b7169203331-01"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.NotEqual(chosen, await answer.TraceIdAsync());
    }

    private IEnumerable<Trace> Traces() => run.Spans.GroupBy(span => span.TraceId).Select(spans => new Trace(spans)).OrderBy(trace => trace.Spans[0].Start);

    [GeneratedRegex("'[^']*'", RegexOptions.None, 1000)]
    private static partial Regex Literals();
}
