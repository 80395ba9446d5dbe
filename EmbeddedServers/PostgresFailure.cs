namespace SecureShop.EmbeddedServers;

/// <summary>What Postgres' last words mean to the person in front of the machine.</summary>
internal static class PostgresFailure
{
    /// <summary>One sentence with the mend, from what initdb or the server wrote before it gave up.</summary>
    public static SetupException Of(string directory, IReadOnlyList<string> lines)
    {
        var words = string.Join('\n', lines);
        var cause = lines.FirstOrDefault(IsCause) ?? lines.LastOrDefault(line => line.Length > 0) ?? "it said nothing";
        return new(Mend(words, directory) ?? $"Postgres could not start on {directory} ({cause}). If the data is broken: restore that folder from a copy, or start over with --fresh.");
    }

    private static string? Mend(string words, string directory)
    {
        (string Says, string Mend)[] known =
        [
            ("No space left on device", $"The disk that holds {directory} is full: free some space and start again."),
            ("postmaster.pid\" already exists", $"Another Postgres already serves {directory}: stop the other AppHost, and start again."),
            ("has wrong ownership", $"{directory} belongs to another user: start as that user, or give it back with chown -R."),
            ("has invalid permissions", $"Other users may enter {directory}: chmod 700 {directory}"),
            ("Permission denied", $"Postgres may not read or write {directory}: check who owns that folder and those above it."),
            ("Cannot allocate memory", "There is not enough memory for Postgres: stop other programs and start again."),
        ];
        return known.FirstOrDefault(pair => words.Contains(pair.Says, StringComparison.Ordinal)).Mend;
    }

    private static bool IsCause(string line)
        => line.StartsWith("FATAL:", StringComparison.Ordinal) || line.StartsWith("PANIC:", StringComparison.Ordinal)
            || line.Contains("error:", StringComparison.Ordinal);
}
