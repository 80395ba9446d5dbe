using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Gateway.Overload;

namespace SecureShop.Gateway.Tests;

/// <summary>Who gets a permit, and that none is lost.</summary>
public sealed class AdmissionTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    [Trait("Practice", "P29")]
    public async Task No_class_fills_the_gateway_whatever_it_calls_itself()
    {
        var admission = Make(permits: 10, reserved: 1, most: 6, queue: 0);
        foreach (var greedy in Enum.GetValues<LoadClass>())
        {
            var served = 0;
            while (await EnterAsync(admission, greedy))
                served++;
            Assert.Equal(6, served);

            // The others have what is theirs.
            foreach (var other in Enum.GetValues<LoadClass>().Where(other => other != greedy))
            {
                Assert.True(await EnterAsync(admission, other));
                Assert.False(await EnterAsync(admission, other));
            }

            Assert.Equal((10, 0), admission.Count());
            foreach (var kind in Enum.GetValues<LoadClass>())
            {
                for (var time = 0; time < (kind == greedy ? 6 : 1); time++)
                    admission.Leave(kind);
            }
        }

        Assert.Equal((0, 0), admission.Count());
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task What_becomes_free_goes_to_the_first_class_and_in_it_to_the_newest()
    {
        var admission = Make(permits: 1, reserved: 0, most: 1, queue: 2);
        Assert.True(await EnterAsync(admission, LoadClass.Search));
        LoadClass[] come = [LoadClass.Search, LoadClass.Read, LoadClass.Read, LoadClass.Write, LoadClass.Token, LoadClass.SignIn];
        var waiting = come.Select(kind => EnterAsync(admission, kind)).ToList();
        Assert.False(await EnterAsync(admission, LoadClass.Read));
        var held = LoadClass.Search;
        foreach (var next in new[] { 5, 4, 3, 2, 1, 0 })
        {
            admission.Leave(held);
            Assert.True(await waiting[next]);
            held = come[next];
            Assert.Equal((1, waiting.Count(one => !one.IsCompleted)), admission.Count());
        }
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Who_waits_for_too_long_is_shed_and_who_leaves_frees_the_place()
    {
        var admission = Make(permits: 1, reserved: 0, most: 1, queue: 1);
        Assert.True(await EnterAsync(admission, LoadClass.Read));
        var late = EnterAsync(admission, LoadClass.Read);
        clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(late.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await late);

        using var gone = new CancellationTokenSource();
        var left = admission.EnterAsync(LoadClass.Read, gone.Token).AsTask();
        Assert.False(await EnterAsync(admission, LoadClass.Read));
        await gone.CancelAsync();
        Assert.False(await left);
        var next = EnterAsync(admission, LoadClass.Read);
        admission.Leave(LoadClass.Read);
        Assert.True(await next);
        admission.Leave(LoadClass.Read);
        Assert.Equal((0, 0), admission.Count());
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task However_they_race_and_leave_no_permit_is_lost_and_none_given_twice()
    {
        var admission = new Admission(Options.Create(Settings(permits: 8, reserved: 1, most: 5, queue: 4, wait: 1)), TimeProvider.System);
        var (kinds, served, most, granted, refused) = (Enum.GetValues<LoadClass>(), 0, 0, 0, 0);
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (worker, cancellation) =>
        {
            for (var turn = 0; turn < 1_000; turn++)
            {
                var kind = kinds[(worker + turn) % kinds.Length];
                using var gone = new CancellationTokenSource();
                var entering = admission.EnterAsync(kind, gone.Token);

                // One in three leaves, at the moment at which it may be let in.
                if (turn % 3 == 0)
                    await gone.CancelAsync();
                if (!await entering)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                InterlockedMax(ref most, Interlocked.Increment(ref served));
                Interlocked.Increment(ref granted);
                await Task.Yield();
                Interlocked.Decrement(ref served);
                admission.Leave(kind);
            }
        });
        Assert.Equal((0, 0), admission.Count());
        Assert.Equal(64_000, granted + refused);
        Assert.True(refused > 0 && granted > 0, $"{granted} granted, {refused} refused");
        Assert.InRange(most, 2, 8);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var known = Volatile.Read(ref most); value > known; known = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, known);
    }

    private static Task<bool> EnterAsync(Admission admission, LoadClass kind) => admission.EnterAsync(kind, TestContext.Current.CancellationToken).AsTask();

    private Admission Make(int permits, int reserved, int most, int queue) => new(Options.Create(Settings(permits, reserved, most, queue, wait: 250)), clock);

    private static OverloadOptions Settings(int permits, int reserved, int most, int queue, int wait) => new()
    {
        Permits = permits,
        WaitMilliseconds = wait,
        Classes = Enum.GetNames<LoadClass>().ToDictionary(kind => kind, _ => new ClassShare { Reserved = reserved, Most = most, Queue = queue }, StringComparer.Ordinal),
    };
}
