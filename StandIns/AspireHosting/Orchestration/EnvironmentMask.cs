using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>
/// Decides what of an environment may be shown. What is known to be secret is not, whatever holds it; what bears the name
/// of a secret or has the shape of a login is not either, for it may be a secret that the model does not know.
/// </summary>
internal sealed class EnvironmentMask(SecretValues secrets)
{
    private const string ConnectionStrings = "ConnectionStrings__";
    private static readonly string[] Words = ["PASS", "PWD", "SECRET", "KEY", "TOKEN", "HEADERS", "CREDENTIAL", "SIGNATURE", "COOKIE", "PRIVATE"];
    private static readonly char[] Separators = [';', ','];

    /// <summary>What the host handed over, sorted by name. A variable that it took away is none.</summary>
    public IReadOnlyList<EnvironmentVariable> Of(IReadOnlyDictionary<string, string?> environment) =>
    [
        .. environment.Where(variable => variable.Value is not null)
            .OrderBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase)
            .Select(variable => new EnvironmentVariable(variable.Key, Shown(variable.Key, variable.Value!))),
    ];

    private string? Shown(string name, string value)
    {
        if (name.StartsWith(ConnectionStrings, StringComparison.OrdinalIgnoreCase))
            value = WithoutPassword(value);
        else if (NamesSecret(name))
            return null;
        return secrets.OccurIn(value) || LooksLikeLogin(value) ? null : value;
    }

    // "Host=localhost;Password=…;Database=shop", or as Redis has it "localhost:6379,password=…,ssl=true". Where a password
    // may hold the separator, a part of it would be taken for something else: then nothing is replaced, and so nothing shown.
    private static string WithoutPassword(string value)
    {
        var separator = value.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var parts = value.Split(separator);
        if (value.AsSpan().ContainsAny('"', '\'') || parts.Skip(1).Any(part => part.Length > 0 && KeyOf(part) is null))
            return value;
        return string.Join(separator, parts.Select(part =>
            KeyOf(part) is { } key && NamesSecret(key) && !key.AsSpan().ContainsAny(Separators) ? $"{key}={SecretValues.Mask}" : part));
    }

    private static bool LooksLikeLogin(string value) =>
        value.Contains("PRIVATE KEY", StringComparison.Ordinal) || value.Split(Separators).Any(part =>
            (KeyOf(part) is { } key && NamesSecret(key) && part[(key.Length + 1)..] != SecretValues.Mask)
            || (Uri.TryCreate(part, UriKind.Absolute, out var address) && address.UserInfo.Length > 0));

    private static string? KeyOf(string part) => part.IndexOf('=', StringComparison.Ordinal) is > 0 and var end ? part[..end] : null;

    private static bool NamesSecret(string name) => Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
