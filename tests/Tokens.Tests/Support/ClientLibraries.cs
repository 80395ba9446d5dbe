using System.Text.Json;

namespace SecureShop.Testing;

/// <summary>OAuth clients of others; the test project has the scripts that use them in its folder <c>npm</c>.</summary>
public sealed class ClientLibraries() : NpmFolder("npm")
{
    /// <summary>Runs one of the scripts; it trusts <paramref name="authority"/>, a PEM file, by default that of the tests' own certificates.</summary>
    public Task<Output> RunAsync<TSettings>(string script, TSettings settings, string? authority = null)
    {
        Assert.SkipUnless(HasNpm, NoNpm);
        return NodeAsync([script], ("SETTINGS", JsonSerializer.Serialize(settings)), ("NODE_EXTRA_CA_CERTS", authority ?? TestCertificate.RootFile));
    }
}
