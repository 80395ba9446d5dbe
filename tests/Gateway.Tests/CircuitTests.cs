using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Services that fail: left alone, tried by one request at a time, and asked again.</summary>
public sealed class CircuitTests
{
    private const string Path = "/api/catalog/products";
    private const int Failures = 10;

    [Fact]
    [Trait("Practice", "P29")]
    [Trait("Practice", "P38")]
    public async Task A_service_that_fails_is_left_alone_tried_by_one_at_a_time_and_asked_again()
    {
        var (asked, fails) = (0, true);
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(async (service, context) =>
        {
            if (service != "catalog")
                return;
            Interlocked.Increment(ref asked);
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (Volatile.Read(ref fails))
                context.Abort();
            else
                await slow.AnswerAsync(service, context);
        });

        // Writes, which are not tried again: each is one failure.
        var seller = TestTokens.Create("catalog", "sam", [Scope.CatalogWrite], [Role.Seller]);
        Task<HttpResponseMessage> AskAsync() => host.SendAsync(HttpMethod.Post, Path, seller, new StringContent("{}", null, "application/json"));
        for (var time = 0; time < Failures; time++)
        {
            using var failed = await AskAsync();
            Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        }

        Assert.True(host.IsLeftOut("catalog"));
        Assert.Equal(Failures, Volatile.Read(ref asked));
        for (var time = 0; time < 5; time++)
        {
            using var refused = await AskAsync();
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, refused);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        }

        Assert.Equal(Failures, Volatile.Read(ref asked));
        using var other = await host.GetAsync("/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersRead]));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        // One that fails again.
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([(HttpStatusCode.BadGateway, 1), (HttpStatusCode.ServiceUnavailable, 19)], await TogetherAsync(20, AskAsync));
        Assert.Equal(Failures + 1, Volatile.Read(ref asked));

        // One that is answered, which takes a while in which nobody else tries.
        Volatile.Write(ref fails, false);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        var trial = AskAsync();
        await slow.ReachedAsync(1);
        Assert.Equal([(HttpStatusCode.ServiceUnavailable, 20)], await TogetherAsync(20, AskAsync));
        slow.Release();
        using var tried = await trial;
        Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
        Assert.False(host.IsLeftOut("catalog"));
        Assert.Equal([(HttpStatusCode.OK, 20)], await TogetherAsync(20, AskAsync));
        Assert.Equal([2131, 2131], host.Circuits.All.Select(one => one.Id));
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_tries_and_goes_away_has_shown_nothing_and_the_next_one_tries()
    {
        var fails = true;
        using var slow = new SlowService();
        await using var host = await GatewayHost.StartAsync(async (service, context) =>
        {
            if (Volatile.Read(ref fails))
                context.Abort();
            else
                await slow.AnswerAsync(service, context);
        });
        for (var time = 0; time < Failures; time++)
            (await host.GetAsync(Path)).Dispose();
        Assert.True(host.IsLeftOut("catalog"));

        Volatile.Write(ref fails, false);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        using var leaving = new CancellationTokenSource();
        var left = host.Shop.GetAsync(Path, leaving.Token);
        await slow.ReachedAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        var next = host.GetAsync(Path);
        while (host.Load.Served > 1)
            await Task.Yield();
        Assert.True(host.IsLeftOut("catalog"));
        slow.Release();
        using var first = await next;

        // The one that left may not have been noticed when the next one came.
        using var second = await host.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.False(host.IsLeftOut("catalog"));
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task Of_several_replicas_the_broken_one_is_left_out_and_reads_do_not_notice()
    {
        var broken = 0;
        await using var replica = await ServiceAsync(context =>
        {
            Interlocked.Increment(ref broken);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var host = await GatewayHost.StartAsync(settings: ("services:catalog:https:1", replica.Address.AbsoluteUri));
        for (var time = 0; time < 60; time++)
        {
            using var answer = await host.GetAsync(Path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.True(host.IsLeftOut("catalog"));
        Assert.Equal(Failures, Volatile.Read(ref broken));
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("DELETE", 1)]
    [InlineData("GET with a body", 1)]
    [Trait("Practice", "P19")]
    [Trait("Practice", "P29")]
    public async Task Only_what_changes_nothing_is_tried_again_and_once(string kind, int times)
    {
        var asked = 0;
        await using var service = await ServiceAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Abort();
            return Task.CompletedTask;
        });
        await using var host = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", service.Address.AbsoluteUri));
        var seller = TestTokens.Create("catalog", "sam", [Scope.CatalogRead, Scope.CatalogWrite], [Role.Seller]);
        var path = kind is "PUT" or "DELETE" ? $"{Path}/{Guid.Empty}" : Path;
        using var answer = await host.SendAsync(new(kind.Split(' ')[0]), path, seller, kind is "GET" or "HEAD" or "DELETE" ? null : new StringContent("{}", null, "application/json"));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.True(times == asked, $"{asked}: {string.Join(' ', host.Failures.All.Select(one => one.Text))}");
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task What_has_begun_to_be_answered_is_not_tried_again()
    {
        var (asked, begun) = (0, new TaskCompletionSource());
        await using var service = await ServiceAsync(async context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await begun.Task;
            context.Abort();
        });
        await using var host = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", service.Address.AbsoluteUri));
        using var half = await host.Shop.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        begun.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => half.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, asked);
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Retries_are_a_small_part_of_what_is_asked()
    {
        var asked = 0;
        await using var service = await ServiceAsync(context =>
        {
            // One in three, so that the circuit stays closed.
            if (Interlocked.Increment(ref asked) % 3 == 0)
                context.Abort();
            return Task.CompletedTask;
        });
        await using var host = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", service.Address.AbsoluteUri));
        var failed = 0;
        for (var time = 0; time < 200; time++)
        {
            using var answer = await host.GetAsync(Path);
            failed += answer.StatusCode == HttpStatusCode.BadGateway ? 1 : 0;
        }

        // Ten that were saved up, and one for ten that were answered.
        Assert.InRange(asked - 200, 10, 30);
        Assert.True(failed > 20, $"{failed}");
    }

    // One connection a request, of HTTP/1.1: what breaks is the connection, and nobody below us tries again.
    private static Task<LoopbackServer> ServiceAsync(RequestDelegate answer) => new LoopbackServer(
        app => app.Run(async context =>
        {
            context.Response.Headers.Connection = "close";
            await context.Request.Body.CopyToAsync(Stream.Null);
            await answer(context);
        }),
        build: builder => builder.Services.Configure<KestrelServerOptions>(options => options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1))).StartAsync();

    private static async Task<IEnumerable<(HttpStatusCode Status, int Count)>> TogetherAsync(int count, Func<Task<HttpResponseMessage>> askAsync)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => askAsync()));
        var counts = answers.CountBy(answer => answer.StatusCode).Select(found => (found.Key, found.Value)).Order().ToList();
        foreach (var answer in answers)
            answer.Dispose();
        return counts;
    }
}
