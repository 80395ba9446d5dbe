using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>What AppHost made for this run: passwords, client secrets, the master key, private keys.</summary>
internal static class GeneratedSecrets
{
    /// <summary>The file of what is kept between runs: the stores' passwords, which no parameter names, are in it.</summary>
    public static Dictionary<string, string> Kept(AppHostRun run) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(run.Place.Directory, "data", "secrets.json")))!;

    public static void RememberGenerated(this SecretLedger ledger, AppHostRun run)
    {
        var parameters = run.Ready.Parameters.Where(pair => !pair.Key.EndsWith("-origin", StringComparison.Ordinal));
        foreach (var (name, value) in parameters.Concat(Kept(run)))
            ledger.Remember($"the parameter {name}", value);

        // The number itself too: a key written as a JWK looks like no PKCS#8.
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(run.Ready.Parameters["orders-service-key"]), out _);
        ledger.Remember("the private number of orders-service", key.ExportParameters(includePrivateParameters: true).D!);

        foreach (var path in Directory.EnumerateFiles(run.Place.Directory, "*.key", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(path).Where(line => Regex.IsMatch(line, "^[A-Za-z0-9+/=]{40,}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
            foreach (var line in lines)
                ledger.Remember($"the private key {Path.GetFileName(path)}", line);
        }
    }
}
