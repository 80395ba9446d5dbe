using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using SecureShop.Storage.Audit;

namespace SecureShop.Database.Auditing;

/// <summary>What the checkpoints say of one chain: the last row that one vouches for and when it was signed, or the first fault.</summary>
internal sealed record CheckpointsFound(long Signed, DateTimeOffset? At, int Count, string? Fault = null);

/// <summary>Holds the checkpoints of one schema to its rows, some hundred at a time, however many there are.</summary>
internal sealed class CheckpointLook(NpgsqlConnection connection, VerifyAuditOptions options)
{
    private const int Batch = 500;

    /// <summary>The chain itself has been looked at, and has <paramref name="rows"/> rows.</summary>
    public async Task<CheckpointsFound> RunAsync(string schema, long rows, CancellationToken cancellationToken)
    {
        var keys = options.Keys[schema].Select(CheckpointKey.Public).DistinctBy(CheckpointKey.IdOf, StringComparer.Ordinal).ToDictionary(CheckpointKey.IdOf, StringComparer.Ordinal);
        try
        {
            return await RunAsync(schema, rows, keys, cancellationToken);
        }
        finally
        {
            foreach (var key in keys.Values)
                key.Dispose();
        }
    }

    private async Task<CheckpointsFound> RunAsync(string schema, long rows, Dictionary<string, ECDsa> keys, CancellationToken cancellationToken)
    {
        AuditCheckpoint? newest = null, foreign = null;
        string? forged = null;
        var count = 0;
        List<AuditCheckpoint> batch = [];
        await foreach (var (source, line) in LinesAsync(cancellationToken))
        {
            foreach (var (header, checkpoint, text) in CheckpointText.In(line).Where(found => found.Checkpoint.Schema == schema))
            {
                // Nothing that a forged one says is believed.
                if (!keys.TryGetValue(header.Kid, out var key) || !CheckpointText.IsSigned(text, key))
                {
                    forged ??= keys.ContainsKey(header.Kid)
                        ? $"a checkpoint in {source} has a false signature: it was forged or damaged"
                        : $"a checkpoint in {source} is signed by a key that was not given ({new string([.. header.Kid.Where(char.IsAsciiHexDigitLower).Take(16)])}): give it by --key where it is an earlier one of {schema}; otherwise the checkpoint was forged";
                    continue;
                }

                count++;
                if (newest is null || checkpoint.Row > newest.Row)
                    newest = checkpoint;
                batch.Add(checkpoint);
                if (batch.Count == Batch)
                    await CompareAsync();
            }
        }

        await CompareAsync();
        if (foreign is not null)
            return new(0, null, count, $"row {ChainLook.Number(foreign.Row)} is not the row that was signed on {foreign.At:u}: it or a row before it was changed, and the chain from there on written anew");
        if (newest?.Row > rows)
            return new(0, null, count, $"row {ChainLook.Number(rows + 1)} is missing, and all behind it: on {newest.At:u} there was a row {ChainLook.Number(newest.Row)}");
        if (forged is not null)
            return new(0, null, count, forged);
        return newest is null && rows > 0
            ? new(0, null, count, "no checkpoint of it was given, so that nobody knows where its end was: give the newest one from the log by --checkpoint")
            : new(newest?.Row ?? 0, newest?.At, count);

        async Task CompareAsync()
        {
            var differing = await DifferingAsync(schema, batch, cancellationToken);
            if (differing is not null && (foreign is null || differing.Row < foreign.Row))
                foreign = differing;
            batch.Clear();
        }
    }

    /// <summary>The first one whose row is there with another hash.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The schema is one of this project's.")]
    private async Task<AuditCheckpoint?> DifferingAsync(string schema, List<AuditCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select id, hash from {schema}.audit_events where id = any($1)", connection);
        command.Parameters.Add(new() { Value = checkpoints.Select(checkpoint => checkpoint.Row).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Dictionary<long, byte[]> there = [];
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                there[reader.GetInt64(0)] = await reader.GetFieldValueAsync<byte[]>(1, cancellationToken);
        }

        return checkpoints.Where(checkpoint => there.TryGetValue(checkpoint.Row, out var hash) && !hash.AsSpan().SequenceEqual(checkpoint.Hash)).MinBy(checkpoint => checkpoint.Row);
    }

    private async IAsyncEnumerable<(string Source, string Line)> LinesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var text in options.Checkpoints)
            yield return ("--checkpoint", text);
        foreach (var file in options.Files)
        {
            await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
                yield return (file, line);
        }
    }
}
