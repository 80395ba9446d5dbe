using System.Collections.Concurrent;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Orders.Tests;

/// <summary>The loop that all work in the background shares.</summary>
[Trait("Practice", "P39")]
public sealed class WorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_pass_that_fails_is_logged_and_the_next_one_is_made()
    {
        using var worker = new Worker(pass => pass == 1 ? throw new TimeoutException("The database is away.") : pass);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await worker.Third.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.IsType<TimeoutException>(Assert.Single(worker.Failures));
        await worker.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(worker.ExecuteTask!.IsCompleted);
        Assert.Single(worker.Failures);
    }

    [Fact]
    public async Task What_is_fatal_ends_the_work()
    {
        using var worker = new Worker(_ => throw new InvalidOperationException("A key is missing."));
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => worker.ExecuteTask!.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Empty(worker.Failures);
    }

    [Fact]
    public async Task A_failure_of_one_pass_that_was_asked_for_reaches_who_asked()
    {
        using var worker = new Worker(_ => throw new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => worker.RunOnceAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Worker(Func<int, int> pass) : PeriodicWorker(DatabaseTask.Tidying, TimeSpan.FromMilliseconds(1), TimeProvider.System)
    {
        private readonly TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int passes;

        public ConcurrentQueue<Exception> Failures { get; } = [];

        public Task Third => third.Task;

        protected override Task<int> PassAsync(CancellationToken cancellationToken)
        {
            if (++passes == 3)
                third.SetResult();
            return Task.FromResult(pass(passes));
        }

        protected override void LogFailure(Exception failure) => Failures.Enqueue(failure);

        protected override bool IsFatal(Exception failure) => failure is InvalidOperationException;
    }
}
