using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>What AppHost made for this run: passwords, client secrets, private keys.</summary>
internal static class GeneratedSecrets
{
    public static void RememberGenerated(this SecretLedger ledger, Place place)
    {
        foreach (var (name, value) in place.Secrets)
            ledger.Remember($"the parameter {name}", value);

        // The number itself too: a key written as a JWK looks like no PKCS#8.
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(place.Secrets["orders-service-key"]), out _);
        ledger.Remember("the private number of orders-service", key.ExportParameters(includePrivateParameters: true).D!);

        // Of the master keys their bytes, which is what a careless log would show of them.
        foreach (var name in (string[])["orders-master-key", "identity-master-key", "identity-lookup-key"])
            ledger.Remember($"the bytes of {name}", Convert.FromBase64String(place.Secrets[name]));

        foreach (var path in Directory.EnumerateFiles(place.Data, "*.key", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllLines(path).Where(line => Regex.IsMatch(line, "^[A-Za-z0-9+/=]{40,}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
            foreach (var line in lines)
                ledger.Remember($"the private key {Path.GetFileName(path)}", line);
        }
    }
}
