using Microsoft.Extensions.Options;

namespace SecureShop.Gateway.Callers;

/// <summary>
/// Reads the lists again when they have changed. The configuration's own reader would not do: of a file that is gone or half written
/// it makes an empty list, which lets everybody in, and of one that is mounted it does not see the change.
/// </summary>
internal sealed partial class CallerListReader : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly string? file;
    private readonly ILogger<CallerListReader> logger;
    private string? read;
    private string? fault;

    public CallerListReader(IOptions<CallerListOptions> options, ILogger<CallerListReader> logger)
    {
        (file, this.logger) = (options.Value.File, logger);

        // Read once: a change between two looks would be told of the one and be in use of the other.
        read = file is null ? null : CallerLists.Read(file);
        Current = read is null ? CallerLists.Everybody : CallerLists.Parse(read);
    }

    /// <summary>The last good ones.</summary>
    public CallerLists Current { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (file is null)
            return;
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look(file);
    }

    private void Look(string path)
    {
        try
        {
            var text = CallerLists.Read(path);
            if (text == read)
                return;
            Current = CallerLists.Parse(text);
            (read, fault) = (text, null);
            Changed(Current.Allow.Count, Current.Deny.Count);
        }
        catch (Exception failure) when (CallerLists.IsFault(failure))
        {
            // Told once for each fault, and not with every look.
            if (fault != failure.Message)
                NotChanged(failure.Message);
            fault = failure.Message;
        }
    }

    [LoggerMessage(2111, LogLevel.Information, "The lists of callers have changed: {Allow} networks are allowed, {Deny} denied")]
    private partial void Changed(int allow, int deny);

    [LoggerMessage(2112, LogLevel.Error, "The lists of callers cannot be read; those before stay in use. {Fault}")]
    private partial void NotChanged(string fault);
}
