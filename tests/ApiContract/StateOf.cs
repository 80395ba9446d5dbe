using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Testing;

/// <summary>A service's whole database as one text, to see whether anything has changed.</summary>
public static class StateOf
{
    /// <summary>All rows of all tables but the audit trail's, where a refusal is recorded.</summary>
    /// <param name="connectionString">The superuser's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<string> AllButAudit(string connectionString, CancellationToken cancellationToken)
    {
        var dump = await DatabaseDump.OfAsync(connectionString, cancellationToken);
        var kept = dump.Split("-- ").Where(table => !table.StartsWith("audit", StringComparison.Ordinal) && !table.Contains(".audit", StringComparison.Ordinal));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', kept))));
    }
}
