using Npgsql;

namespace SecureShop.Catalog.GuestCache;

/// <summary>
/// Hears from Postgres which published products have changed: a trigger says so with each change's own commit, whoever made it. On a connection of its
/// own, which asks a question twice a second: an answer shows that all before it has been heard, and none in time that the connection is gone.
/// </summary>
internal sealed partial class ProductChangesListener(
    ProductChanges changes, IConfiguration configuration, TimeProvider clock, ILogger<ProductChangesListener> logger) : BackgroundService
{
    public const string Channel = "catalog_products";

    /// <summary>By which the connection is known in pg_stat_activity.</summary>
    public const string ApplicationName = "catalog-changes";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Guests are served from the database meanwhile.
                changes.Lost();
                if (!told)
                    NotHeard(failure);
                told = true;
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("catalogdb"))
        {
            Pooling = false,
            ApplicationName = ApplicationName,
            Timeout = 5,
            CommandTimeout = 1,
        }.ConnectionString);
        connection.Notification += (_, told) => Take(told.Payload);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"listen {Channel}", cancellationToken);

        // What was said while nobody listened is lost: all that is kept is from before.
        changes.Missed();
        while (true)
        {
            // From before the question: what is changed while it is answered may come after the answer.
            var asked = clock.GetTimestamp();
            await ExecuteAsync(connection, "select 1", cancellationToken);
            changes.Heard(asked);
            told = false;
            while (Beat - clock.GetElapsedTime(asked) is { TotalMilliseconds: >= 1 } rest)
                await connection.WaitAsync(rest, cancellationToken);
        }
    }

    private void Take(string payload)
    {
        // Whoever may connect may say anything here; the worst of it is that more is read from the database.
        if (Guid.TryParse(payload, out var product))
            changes.Changed(product);
        else
            changes.Missed();
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "The two constants above.")]
    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(3002, LogLevel.Warning, "Changes of products are not heard; until they are, nothing is kept for guests.")]
    private partial void NotHeard(Exception failure);
}
