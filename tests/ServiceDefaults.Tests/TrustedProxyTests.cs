using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Whose word on the caller is taken, and how far back.</summary>
[Trait("Practice", "P28")]
public sealed class TrustedProxyTests
{
    private const string Caller = "203.0.113.9";

    [Theory]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.64.0.0", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("::ffff:100.63.255.255", false)]
    [InlineData("::ffff:100.64.0.0", true)]
    [InlineData("::ffff:100.127.255.255", true)]
    [InlineData("::ffff:100.128.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    public async Task The_network_is_exact(string peer, bool believed)
        => Assert.Equal(believed ? (Caller, "https") : (peer, "http"), await SeenAsync(peer, Caller, ("Proxies:Networks", "100.64.0.0/10")));

    [Theory]
    [InlineData("1", "10.1.0.7", "203.0.113.9, 10.1.0.7")]
    [InlineData("2", Caller, "203.0.113.9, 10.1.0.7")]
    [InlineData("2", Caller, "198.51.100.1, 203.0.113.9, 10.1.0.7")]
    [InlineData("4", Caller, "203.0.113.9, 10.1.0.7")]

    // The next one back is believed only if the last one was of a proxy, however many may be.
    [InlineData("4", Caller, "10.1.0.8, 198.51.100.1, 203.0.113.9")]
    [InlineData("2", "10.1.0.7", "unknown, 10.1.0.7")]
    [InlineData("2", "10.1.0.7", "10.1.0.7")]
    [InlineData("2", Caller, "203.0.113.9:4711, 10.1.0.7:80")]
    [InlineData("2", "2001:db8::9", "[2001:db8::9]:4711, ::ffff:10.1.0.7")]
    public async Task As_many_entries_count_as_proxies_stand_in_a_row(string hops, string seen, string forwardedFor)
        => Assert.Equal((seen, "https"), await SeenAsync("100.100.0.1", forwardedFor, ("Proxies:Networks", "100.64.0.0/10, 10.1.0.0/16"), ("Proxies:Hops", hops)));

    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("-1")]
    [InlineData("two")]
    [InlineData("")]
    [InlineData("1 ")]
    public async Task A_bad_number_of_proxies_stops_the_start(string hops)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => SeenAsync("127.0.0.1", Caller, ("Proxies:Hops", hops)));
        Assert.Contains("Proxies__Hops", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", "/open", null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "/open", "http", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", "/open", "https", HttpStatusCode.OK)]
    [InlineData("10.0.0.1", "/open", "https", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", "/nothing", "https", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", "/health/live", null, HttpStatusCode.OK)]
    [Trait("Practice", "P20")]
    public async Task A_service_is_served_over_https_or_by_a_trusted_proxys_word_alone(string peer, string path, string? scheme, HttpStatusCode status)
    {
        using var events = new RecordedEvents();
        await using var service = await PlainAsync(events, peer);
        using var client = TestCertificate.Client(new Uri(service.Urls.Single()));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (scheme is not null)
            request.Headers.Add("X-Forwarded-Proto", scheme);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.Forbidden)
        {
            await ProblemAssert.IsProblemAsync(status, answer);
            Assert.Equal((1001, RefusalReason.PlainHttp), (Assert.Single(events.All).Id, events.All[0]["Reason"]));
        }
    }

    private static async Task<WebApplication> PlainAsync(RecordedEvents events, string peer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        builder.AddServiceDefaults();
        builder.Logging.AddProvider(events);
        builder.AddAccessRules();
        builder.AddApiDocument("Test", "A service under test.");
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            return next(context);
        });
        app.UseServiceDefaults();
        app.MapServiceDefaults();
        app.MapGet("/open", () => "open").RequireAccess(AccessRule.Anyone("a test"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>Address and scheme as a service sees them, of a request in the clear from <paramref name="peer"/> that says it was https.</summary>
    private static async Task<(string Address, string Scheme)> SeenAsync(string peer, string forwardedFor, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddTrustedProxies();
        await using var app = builder.Build();
        app.UseTrustedProxies();
        app.Run(_ => Task.CompletedTask);
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwardedFor;
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        await ((IApplicationBuilder)app).Build()(context);
        return (context.Connection.RemoteIpAddress!.ToString(), context.Request.Scheme);
    }
}
