using System.Runtime.InteropServices;
using System.Text.Json;

namespace SecureShop.EmbeddedServers;

/// <summary>Microsoft's Garnet, a program of .NET.</summary>
internal sealed record Garnet(string Program) : RedisFlavour(Program)
{
    /// <summary>The .NET that runs this process, and Garnet: its launcher would look elsewhere.</summary>
    public static string DotNetRoot { get; } = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());

    // A .NET in root's home is closed to every other account.
    public override ServerAccount? Account => ServerFolder.IsOpen(DotNetRoot) ? base.Account : null;

    public override IReadOnlyList<string> Arguments(string settings) => ["--config-import-path", settings];

    public override IReadOnlyDictionary<string, string> Environment(string folder) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOTNET_ROOT"] = DotNetRoot,
        // Its own account may not enter the home of ours.
        ["HOME"] = folder,
        // No debugger's door into the process that holds the password, and the small heap of one developer's machine.
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
    };

    // No client certificates: the password says who may come in.
    public override string Settings(int port, string password, CertificateFiles leaf, string folder) => JsonSerializer.Serialize(new
    {
        Port = port,
        Address = string.Join(',', LoopbackPort.Addresses),
        EnableTLS = true,
        CertFileName = leaf.CertificatePath,
        CertPassword = leaf.KeyPath,
        ClientCertificateRequired = false,
        AuthenticationMode = "Password",
        Password = password,
        MemorySize = "256m",
        PageSize = "4m",
        IndexSize = "8m",
        NetworkConnectionLimit = 1000,
        EnableLua = true,
        // As Redis: no other client sees a script half-way.
        LuaTransactionMode = true,
        QuietMode = true,
    });
}
