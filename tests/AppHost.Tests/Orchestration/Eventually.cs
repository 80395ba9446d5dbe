namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>Waits for what happens in its own time, within a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task IsTrue(Func<bool> condition) => IsTrue(() => Task.FromResult(condition()));

    public static async Task IsTrue(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
