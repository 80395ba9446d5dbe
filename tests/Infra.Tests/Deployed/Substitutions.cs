using System.Globalization;
using SecureShop.EmbeddedServers;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Infra.Tests.Deployed;

/// <summary>
/// All that is different here from what the templates say: names and addresses of a cloud that is not there, and whom to trust. A
/// setting that no line of these tables names reaches its service as it was deployed.
/// </summary>
internal sealed class Substitutions(Ingress ingress, PostgresServer postgres, TestMailbox mailbox)
{
    /// <summary>Apps that are called by others, by the numbers of their addresses behind the ingress.</summary>
    public static readonly IReadOnlyList<string> Inner = ["identity", "catalog", "orders"];

    // Any address of 127.0.0.0/8 is this machine's. These are this process' own, so that no port has to be looked for.
    private static readonly string Own = string.Create(
        CultureInfo.InvariantCulture, $"127.{100 + (System.Environment.ProcessId % 100)}.{System.Environment.ProcessId / 100 % 250}.");

    private int _addresses;

    /// <summary>The host name of an app for other apps, in the templates and here.</summary>
    public static (string Deployed, string Here) InsideOf(string app) => ($"{app}.internal.{Azd.Domain}", Ingress.Inside(1 + Inner.ToList().IndexOf(app)));

    /// <summary>An address for one more process to listen at.</summary>
    public string NextAddress() => $"{Own}{Interlocked.Increment(ref _addresses)}";

    /// <summary>Where a port of the templates is here.</summary>
    public static string PortOf(string? deployed) => $"1{deployed}";

    /// <summary>The environment of an app's process that listens at <paramref name="address"/>.</summary>
    public Dictionary<string, string> Apply(App app, IReadOnlyDictionary<string, string> vault, string address)
    {
        var texts = Texts(address).ToList();
        var settings = app.Settings.ToDictionary(
            setting => setting.Key, setting => texts.Aggregate(setting.Value, (value, text) => value.Replace(text.Deployed, text.Here, StringComparison.Ordinal)), StringComparer.Ordinal);
        foreach (var (setting, value) in Instead().Where(other => settings.ContainsKey(other.Setting)))
            settings[setting] = value;
        foreach (var (setting, secret) in app.FromVault)
            settings.Add(setting, vault[secret.Name]);
        foreach (var (setting, value) in More(app.Name))
            settings.Add(setting, value);
        return settings;
    }

    /// <summary>What stands in values, and what stands here in its place.</summary>
    private IEnumerable<(string Deployed, string Here)> Texts(string address)
    {
        // There is no container that has all of its addresses to itself, and many a machine has a server at 8080 already.
        yield return ("http://+:", $"http://{address}:");
        yield return ("8080", PortOf("8080"));
        yield return ("8081", PortOf("8081"));

        // There is no DNS. (The two public names stay: whoever asks for them connects to the ingress by its address.)
        foreach (var app in Inner)
            yield return ($"https://{InsideOf(app).Deployed}", ingress.Address(InsideOf(app).Here).GetLeftPart(UriPartial.Authority));

        // The server is another one.
        yield return ($"Host={Azd.Environment["AZURE_POSTGRES_HOST"]};Port=5432;", $"Host=localhost;Port={postgres.Port};");

        // Where the ingress connects from, and where the apps call from.
        yield return ("100.64.0.0/10", Ingress.Network);
        yield return (Azd.Environment["AZURE_APPS_NETWORK"], "127.0.0.1/32");
    }

    /// <summary>Whole settings that are others here.</summary>
    private IEnumerable<(string Setting, string Value)> Instead()
    {
        // The mail server is the tests' own.
        yield return ("Mail__Server", "localhost");
        yield return ("Mail__Port", mailbox.Port.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What only this place needs.</summary>
    private IEnumerable<(string Setting, string Value)> More(string app)
    {
        // The authorities are the tests' own; in the cloud they are those that everybody trusts.
        yield return ("Services__TrustedRoots", ingress.TrustedRoots);
        yield return ("PGSSLROOTCERT", TestCertificate.RootFile);

        if (app == "identity")
            yield return ("Mail__TrustedRoots", TestCertificate.RootFile);
    }
}
