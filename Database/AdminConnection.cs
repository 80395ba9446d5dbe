using Npgsql;

namespace SecureShop.Database;

/// <summary>Opens the administrator's connection, with patience: in the cloud the server may start after the job.</summary>
internal static class AdminConnection
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private const int Attempts = 60;

    public static async Task<NpgsqlConnection> OpenAsync(
        string connectionString, TimeProvider clock, TextWriter output, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = new NpgsqlConnection(connectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && attempt < Attempts)
            {
                await connection.DisposeAsync();
                if (attempt == 1)
                    await output.WriteLineAsync($"Waiting for Postgres at {connection.Host}:{connection.Port} ...");
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }
}
