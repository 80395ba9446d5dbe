using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Each kind of span as the framework makes it, and what is left of it.</summary>
public sealed class SpanHygieneTests
{
    private static readonly SpanHygiene Hygiene = new(new ConfigurationBuilder()
        .AddInMemoryCollection([new("services:catalog:https:0", "https://localhost:5001"), new("services:orders:https:0", "https://orders.internal")])
        .Build());

    [Fact]
    [Trait("Practice", "P40")]
    public void A_server_span_loses_what_a_caller_can_word()
    {
        using var span = Ended("Microsoft.AspNetCore", ("url.query", "?code=secret"), ("http.request.method_original", "SECRET"),
            ("user_agent.original", "a browser"), ("server.address", "secret.example"), ("http.route", "/products"));
        Assert.Equal(["http.route"], span.TagObjects.Select(tag => tag.Key));
    }

    [Theory]
    [InlineData("localhost", 5001, "GET catalog")]
    [InlineData("orders.internal", 443, "GET orders")]
    [InlineData("elsewhere.example", 443, "the framework's name")]
    [Trait("Practice", "P33")]
    public void A_call_is_named_after_the_service(string host, int port, string name)
    {
        using var span = Ended("System.Net.Http", ("server.address", host), ("server.port", port), ("http.request.method", "GET"), ("url.full", "https://x/y"));
        Assert.Equal(name, span.DisplayName);
        Assert.Equal("https://x/y", span.GetTagItem("url.full"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public void A_path_that_led_nowhere_is_not_kept()
    {
        using var span = Ended("System.Net.Http", ("server.address", "localhost"), ("server.port", 5001), ("http.request.method", "GET"),
            ("http.response.status_code", 404), ("url.full", "https://localhost:5001/somebody@people.example"));
        Assert.Equal("https://localhost:5001/", span.GetTagItem("url.full"));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void A_query_is_named_and_loses_its_connection_string()
    {
        using var span = Ended("Npgsql", ("db.query.text", "SELECT p.id FROM catalog.products AS p"), ("db.npgsql.data_source", "Host=x;Username=y"));
        Assert.Equal("SELECT catalog.products", span.DisplayName);
        Assert.Null(span.GetTagItem("db.npgsql.data_source"));
    }

    private static Activity Ended(string sourceName, params (string Key, object Value)[] tags)
    {
        using var source = new ActivitySource(sourceName);
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => ReferenceEquals(one, source),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var span = source.StartActivity("the framework's name", ActivityKind.Client)!;
        foreach (var (key, value) in tags)
            span.SetTag(key, value);
        span.Stop();
        Hygiene.OnEnd(span);
        return span;
    }
}
