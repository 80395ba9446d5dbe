using System.Security.Cryptography;
using System.Text.Json;
using SecureShop.Deployment;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>
/// Secrets are generated on the first run and kept beside the data that they open, in a file that its owner alone reads: a
/// folder that is copied, moved or deleted takes them along. <c>--Parameters:{name}</c> sets one instead.
/// </summary>
internal sealed class KeptSecrets
{
    private const int Length = 32;
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly string _file;
    private readonly Dictionary<string, string> _values;

    private KeptSecrets(string file, Dictionary<string, string> values) => (_file, _values) = (file, values);

    /// <summary>Reads those of a data folder.</summary>
    /// <exception cref="SetupException">The file is damaged, or others may read it.</exception>
    public static KeptSecrets Open(DataFolder data)
    {
        var file = data.SecretsFile;
        if (!File.Exists(file))
            return new(file, new(StringComparer.Ordinal));
        if (PrivateFiles.IsShared(file))
            throw new SetupException($"Other users may read {file}: run chmod 600 on it, and --fresh if one of them may have.");
        try
        {
            return new(file, new(JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file))!, StringComparer.Ordinal));
        }
        catch (Exception problem) when (problem is JsonException or ArgumentNullException)
        {
            throw new SetupException($"The generated passwords in {file} cannot be read: restore that file from a copy, or start over with --fresh.", problem);
        }
    }

    /// <summary>Whether there is a value from an earlier run.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A name that goes with these secrets: what is called by it is of no use with others.</summary>
    public string NameOf(string name) => GetOrAdd(name, () => RandomNumberGenerator.GetHexString(16, lowercase: true));

    /// <summary>A password that stands in connection strings.</summary>
    /// <exception cref="SetupException">One is set that would mean something else there.</exception>
    public IResourceBuilder<ParameterResource> AddPassword(IDistributedApplicationBuilder builder, string name)
    {
        // "x;SSL Mode=Disable" would be a setting of its own.
        if (builder.Configuration[$"Parameters:{name}"] is { } set && (set.Length == 0 || !set.All(char.IsAsciiLetterOrDigit)))
            throw new SetupException($"--Parameters:{name} takes letters and digits alone.");
        return AddSecret(builder, name);
    }

    /// <summary>A random value of about 190 bits, of letters and digits so that no connection string needs quoting.</summary>
    public IResourceBuilder<ParameterResource> AddSecret(IDistributedApplicationBuilder builder, string name) =>
        Add(builder, name, () => RandomNumberGenerator.GetString(Characters, Length));

    /// <summary>The key of an authenticator app: 160 bits in base32 (RFC 4226, section 4).</summary>
    public IResourceBuilder<ParameterResource> AddAuthenticatorKey(IDistributedApplicationBuilder builder, string name) =>
        Add(builder, name, () => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32));

    /// <summary>A certificate with its key that seals a key ring (base64 PKCS#12).</summary>
    public IResourceBuilder<ParameterResource> AddSealingCertificate(IDistributedApplicationBuilder builder, string name) =>
        Add(builder, name, SealingCertificate.Generate);

    /// <summary>A master key, which wraps people's keys, or what sealed values are found by (32 bytes, base64).</summary>
    public IResourceBuilder<ParameterResource> AddSealingKey(IDistributedApplicationBuilder builder, string name) =>
        Add(builder, name, SealingKey.Generate);

    /// <summary>The key pair of a client that signs its assertions (private_key_jwt), or of a service that signs its audit trail.</summary>
    public KeyPair AddKeyPair(IDistributedApplicationBuilder builder, string name)
    {
        var parameter = Add(builder, name, ClientKey.Generate);
        return new(parameter, ReferenceExpression.Create($"{new KeyPair.Public(parameter.Resource)}"));
    }

    private IResourceBuilder<ParameterResource> Add(IDistributedApplicationBuilder builder, string name, Func<string> generate) =>
        builder.AddParameter(name, new Kept(this, name, generate), secret: true);

    private string GetOrAdd(string name, Func<string> generate)
    {
        lock (_values)
        {
            if (!_values.TryGetValue(name, out var value))
            {
                _values[name] = value = generate();
                PrivateFiles.Write(_file, JsonSerializer.Serialize(_values));
            }

            return value;
        }
    }

    private sealed class Kept(KeptSecrets secrets, string name, Func<string> generate) : ParameterDefault
    {
        public override string GetDefaultValue() => secrets.GetOrAdd(name, generate);

        public override void WriteToManifest(Aspire.Hosting.Publishing.ManifestPublishingContext context) =>
            throw new NotSupportedException("What is generated for this machine is not published.");
    }
}
