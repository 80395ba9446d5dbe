using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class TraceSamplerTests
{
    private readonly FakeTimeProvider clock = new();

    [Theory]
    [InlineData(ActivityKind.Server, "/products", true)]
    [InlineData(ActivityKind.Server, "/health/ready", false)]
    [InlineData(ActivityKind.Internal, null, true)]
    [InlineData(ActivityKind.Client, null, false)]
    [Trait("Practice", "P33")]
    public void A_trace_begins_with_a_request_or_with_work_and_not_with_a_probe_or_a_lone_call(ActivityKind kind, string? path, bool recorded)
        => Assert.Equal(recorded, IsRecorded(Sampler(10), kind, path));

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    [Trait("Practice", "P33")]
    public void Inside_a_trace_the_one_who_began_it_has_decided(ActivityTraceFlags flags, bool recorded)
    {
        var sampler = Sampler(1);
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);
        foreach (var kind in new[] { ActivityKind.Server, ActivityKind.Client, ActivityKind.Internal })
            Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(recorded, IsRecorded(sampler, kind, "/products", parent)));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void Above_the_rate_the_rest_of_the_second_goes_unrecorded()
    {
        var sampler = Sampler(20);
        for (var second = 0; second < 3; second++)
        {
            Assert.Equal(20, Enumerable.Range(0, 500).Count(_ => IsRecorded(sampler, ActivityKind.Server, "/products")));
            clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private TraceSampler Sampler(int perSecond) => new(perSecond, clock, NullLogger<TraceSampler>.Instance);

    private static bool IsRecorded(TraceSampler sampler, ActivityKind kind, string? path, ActivityContext parent = default)
        => sampler.ShouldSample(new SamplingParameters(
            parent, ActivityTraceId.CreateRandom(), "a name", kind,
            path is null ? null : [new("http.request.method", "GET"), new("url.path", path)])).Decision == SamplingDecision.RecordAndSample;
}
