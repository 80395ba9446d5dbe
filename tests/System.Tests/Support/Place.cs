using System.Text.Json;

namespace SecureShop.SystemTests.Support;

/// <summary>A running shop as its visitors know it, and the folder of its data for those who may look into it.</summary>
public sealed record Place(string Data, Uri Shop, Uri Identity, Uri Mailbox)
{
    /// <summary>What clients trust, and nothing else.</summary>
    public string CertificatePath => Path.Combine(Data, "certificate", "localhost.pem");

    /// <summary>What AppHost generated: passwords, client secrets, private keys.</summary>
    public IReadOnlyDictionary<string, string> Secrets =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Data, "secrets.json")))!;
}
