using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SecureShop.Database;

/// <summary>
/// SQL on the administrator's connection. DDL takes no parameters, so names and literals are quoted by Postgres' own
/// <c>format</c>, which alone knows every quoting rule: <c>%I</c> for a name, <c>%L</c> for a literal.
/// </summary>
internal static class Sql
{
    /// <summary>Runs <paramref name="template"/> with its <c>%I</c> and <c>%L</c> filled in, in order.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The text is a constant of this project, completed by format() in the server.")]
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, string template, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var text = await FormatAsync(connection, template, names, cancellationToken);
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Fills in the <c>%I</c> and <c>%L</c> of <paramref name="template"/>, in order.</summary>
    public static Task<string> FormatAsync(
        NpgsqlConnection connection, string template, IReadOnlyList<string> names, CancellationToken cancellationToken)
        => ScalarAsync<string>(connection, "select format($1, variadic $2)", [template, names.ToArray()], cancellationToken);

    /// <summary>Reads one value; the parameters are $1, $2 …</summary>
    [SuppressMessage("Security", "CA2100", Justification = "Every caller hands over a constant; values are parameters.")]
    public static async Task<T> ScalarAsync<T>(
        NpgsqlConnection connection, string text, IReadOnlyList<object> parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
