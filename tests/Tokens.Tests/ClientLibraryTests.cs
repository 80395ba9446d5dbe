using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Tokens.Tests;

/// <summary>Others have written these clients, and certified them: what they take for right is right.</summary>
[Trait("Practice", "P01")]
public sealed class ClientLibraryTests(Replicas replicas, ClientLibraryTests.Libraries libraries) : IClassFixture<ClientLibraryTests.Libraries>
{
    [Theory]
    [InlineData("openid-client")]
    [InlineData("oauth4webapi")]
    public async Task An_unmodified_client_is_content(string library)
    {
        using var person = await Person.SignedInAsync(replicas.One);
        var output = await libraries.RunAsync(library + ".mjs", JsonSerializer.Serialize(new
        {
            issuer = IdentityHost.Issuer,
            address = replicas.One.Address.GetLeftPart(UriPartial.Authority),
            cookies = person.Browser.Cookies,
            keys = new { storefront = Key(Replicas.StorefrontKey), partner = Key(Replicas.PartnerKey), orders = Key(IdentityHost.OrdersKey) },
            demoSecret = IdentityHost.DemoSecret,
            storefrontRedirect = Replicas.ShopOrigin + "/signin-oidc",
            storefrontSignedOut = Replicas.ShopOrigin + "/signout-callback-oidc",
        }));
        Assert.True(output.ExitCode == 0, output.Text);
    }

    private static string Key(ECDsa key) => Convert.ToBase64String(key.ExportPkcs8PrivateKey());

    /// <summary>The libraries from npm, at the bytes of their lock file, in a folder of their own.</summary>
    public sealed class Libraries : IAsyncLifetime
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secureshop-clients-");
        private bool hasNpm;

        public async ValueTask InitializeAsync()
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "npm")))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            hasNpm = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, npm)));
            if (!hasNpm)
                return;
            var output = await RunAsync(new(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]));
            Assert.True(output.ExitCode == 0, output.Text);
        }

        public ValueTask DisposeAsync()
        {
            folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        internal Task<Output> RunAsync(string script, string settings)
        {
            Assert.SkipUnless(hasNpm, "npm is not here, from which the clients come: https://nodejs.org");
            var start = new ProcessStartInfo("node", [script]);
            start.Environment["SETTINGS"] = settings;
            start.Environment["NODE_EXTRA_CA_CERTS"] = TestCertificate.RootFile;
            return RunAsync(start);
        }

        private Task<Output> RunAsync(ProcessStartInfo start)
        {
            start.WorkingDirectory = folder.FullName;
            return Command.RunAsync(start, Longest, TestContext.Current.CancellationToken);
        }
    }
}
