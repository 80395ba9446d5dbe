using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Storage.Audit;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>What of an event gets into the trail, and how long its request waits for that.</summary>
[Trait("Practice", "P33")]
public sealed class AuditFactTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 1, 2, 3, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Now);

    [Fact]
    public void Each_fact_has_its_column_the_rest_goes_into_the_details_and_of_an_address_its_network_is_left()
    {
        using var activity = new Activity("a request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var row = AuditRows.From<AuditRow>(
            new(new(5001, "Happened"), [
                new("Reason", "a_reason"), new("Subject", "alice"), new("Actor", "sue"), new("Client", "app"), new("Method", "POST"), new("Route", "/{id}"), new("Status", 403),
                new("Address", "203.0.113.77"), new("Order", Guid.Empty), new("Count", 7), new("Long", 8L), new("Nothing", null),
            ]),
            Request("203.0.113.77", "bob"),
            Now);
        Assert.Equal((5001, "Happened", Now, 7), (row.EventId, row.EventName, row.At, row.Mark.Version));
        Assert.Equal(("a_reason", "alice", "sue", "app", "POST", "/{id}", 403), (row.Reason, row.Subject, row.Actor, row.Client, row.Method, row.Route, row.Status));
        Assert.Equal(("203.0.113.0/24", activity.TraceId.ToString()), (row.Network, row.TraceId));
        Assert.Equal($$"""{"Order":"{{Guid.Empty}}","Count":7,"Long":8,"Nothing":null}""", row.Details);
        Assert.Equal((0L, 0, ""), (row.Id, row.Hash.Length, new AuditRow().EventName));
        Assert.Equal(Now, DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64($"{row.Mark:N}"[..12], 16)));
    }

    [Fact]
    public void What_is_not_known_is_not_there()
    {
        var row = AuditRows.From<WaitingAuditRow>(new(new(5001), [new("Status", "many")]), context: null, Now);
        Assert.Equal(("", null, null, null, null), (row.EventName, row.Reason, row.Subject, row.Actor, row.Client));
        Assert.Equal((null, null, null, null, null), (row.Network, row.Method, row.Route, row.Status, row.Details));

        // Who did it is who is signed in, where the event does not say; of somebody whom no check has proven, nobody.
        Assert.Equal("bob", AuditRows.From<AuditRow>(new(new(5001, "x"), []), Request(null, "bob"), Now).Actor);
        Assert.Null(AuditRows.From<AuditRow>(new(new(5001, "x"), []), Request(null, null), Now).Actor);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public void Texts_are_cut_by_signs_and_lose_what_steers()
    {
        var row = AuditRows.From<AuditRow>(
            new(new(5001, "a\nb"), [new("Subject", new string('x', 200)), new("Route", "\u0085/" + new string('y', 300)), new("Reason", string.Concat(Enumerable.Repeat("😀", 200))), new("More", "q\0" + new string('z', 200))]), null, Now);
        Assert.Equal(("ab", 100, 200, 200), (row.EventName, row.Subject!.Length, row.Route!.Length, row.Reason!.Length));
        Assert.StartsWith("/y", row.Route, StringComparison.Ordinal);
        Assert.Equal("q" + new string('z', 99), JsonElement.Parse(row.Details!).GetProperty("More").GetString());
        Assert.Equal((100, 200), (AuditFacts.TextLength, AuditFacts.RouteLength));
    }

    [Theory]
    [InlineData(4999, false)]
    [InlineData(5000, true)]
    [InlineData(5050, false)]
    [InlineData(5099, true)]
    [InlineData(5100, false)]
    [InlineData(1001, false)]
    [InlineData(1003, true)]
    [InlineData(1009, true)]
    [InlineData(4083, true)]
    [InlineData(4084, true)]
    [InlineData(4085, false)]
    public void The_trail_takes_the_services_own_and_few_of_all_services(int id, bool taken)
    {
        var queue = new AuditQueue(clock, 5000, 5099, 5050);
        queue.Record(new(new(id, "x"), []), context: null);
        Assert.Equal(taken, queue.Rows.TryRead(out var entry));
        Assert.Equal(taken ? id : 0, entry?.Row.EventId ?? 0);
        Assert.Equal(taken ? Now : default, entry?.Row.At ?? default);
        Assert.Equal(0, queue.TakeLost());
    }

    [Fact]
    public async Task An_answer_waits_until_its_row_is_written()
    {
        var queue = new AuditQueue(clock, 5000, 5099);
        var (http, answer) = Answering();
        queue.Record(new(new(5001, "x"), []), http);
        var waiting = answer.Begin();
        Assert.False(waiting.IsCompleted);
        Assert.True(queue.Rows.TryRead(out var entry));
        Assert.False(waiting.IsCompleted);
        entry.Written.SetResult();
        await waiting.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, queue.TakeLost());
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task It_waits_for_a_while_alone_and_the_row_stays_queued()
    {
        var queue = new AuditQueue(clock, 5000, 5099);
        var (http, answer) = Answering();
        queue.Record(new(new(5001, "x"), []), http);
        var waiting = answer.Begin();
        clock.Advance(AuditQueue.Patience - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        await waiting.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(queue.Rows.TryRead(out _));
        Assert.Equal((0L, TimeSpan.FromSeconds(2)), (queue.TakeLost(), AuditQueue.Patience));
    }

    [Fact]
    [Trait("Practice", "P16")]
    public void Nobody_waits_for_the_row_that_they_named_what_is_not_theirs_nor_with_an_answer_that_has_begun()
    {
        var queue = new AuditQueue(clock, 5000, 5099);
        var (http, answer) = Answering();
        queue.Record(new(new(1003, "OwnershipRefused"), []), http);
        Assert.Empty(answer.Waits);
        answer.HasBegun = true;
        queue.Record(new(new(5001, "x"), []), http);
        Assert.Empty(answer.Waits);
        Assert.Equal(2, queue.Rows.Count);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task What_finds_no_room_is_counted_once_and_so_is_what_comes_after_the_end()
    {
        var queue = new AuditQueue(clock, 5000, 5099);
        for (var row = 0; row < AuditQueue.Capacity; row++)
            queue.Record(new(new(5001, "x"), []), context: null);
        var (http, answer) = Answering();
        queue.Record(new(new(5002, "x"), []), http);
        Assert.Equal((4_096, 4_096, 0L), (AuditQueue.Capacity, queue.Rows.Count, queue.TakeLost()));
        clock.Advance(AuditQueue.Patience);
        await answer.Begin().WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1L, 0L), (queue.TakeLost(), queue.TakeLost()));

        queue.Close();
        queue.Close();
        var (late, nobody) = Answering();
        queue.Record(new(new(5003, "x"), []), late);
        Assert.Empty(nobody.Waits);
        queue.Lose(2);
        Assert.Equal(3, queue.TakeLost());
        for (var row = 0; row < AuditQueue.Capacity; row++)
            Assert.True(queue.Rows.TryRead(out var entry) && entry.Row.EventId == 5001);
        Assert.False(await queue.Rows.WaitToReadAsync(TestContext.Current.CancellationToken));
    }

    private static DefaultHttpContext Request(string? address, string? subject)
    {
        var http = new DefaultHttpContext { User = new(subject is null ? new ClaimsIdentity([new("sub", "mallory")]) : new ClaimsIdentity([new("sub", subject)], "test")) };
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        return http;
    }

    private static (HttpContext Http, Answer Answer) Answering()
    {
        var answer = new Answer();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(answer);
        return (http, answer);
    }

    /// <summary>An answer of which one sees who wants it to wait.</summary>
    private sealed class Answer : HttpResponseFeature
    {
        public bool HasBegun { get; set; }

        public List<Func<Task>> Waits { get; } = [];

        public override bool HasStarted => HasBegun;

        public override void OnStarting(Func<object, Task> callback, object state) => Waits.Add(() => callback(state));

        public Task Begin() => Assert.Single(Waits)();
    }
}
