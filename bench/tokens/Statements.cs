using System.Collections.Concurrent;
using System.Diagnostics;

namespace SecureShop.Bench.Tokens;

/// <summary>Hears every statement that this process sends to Postgres, for as long as it is not disposed of.</summary>
internal sealed class Statements : IDisposable
{
    private readonly ConcurrentQueue<string> heard = [];
    private readonly ActivityListener listener;

    public Statements()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.query.text") is string text)
                    heard.Enqueue(text.ReplaceLineEndings(" "));
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyList<string> Heard => [.. heard];

    public void Dispose() => listener.Dispose();
}
