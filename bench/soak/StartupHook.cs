using System.Diagnostics.CodeAnalysis;
using System.Globalization;

/// <summary>
/// Runs in a service that is started with it (DOTNET_STARTUP_HOOKS), before the service's own code: says on the console how much was allocated so far, which nobody
/// sees from outside. The runtime wants this name, and no namespace.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime wants it so.")]
[SuppressMessage("Design", "MA0047", Justification = "The runtime wants it so.")]
internal static class StartupHook
{
    /// <summary>What the lines begin with.</summary>
    public const string Allocated = "Allocated: ";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static Timer? timer;

    /// <summary>By the runtime.</summary>
    public static void Initialize() => timer = new Timer(
        _ => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Allocated}{GC.GetTotalAllocatedBytes()}")), null, TimeSpan.Zero, Interval);
}
