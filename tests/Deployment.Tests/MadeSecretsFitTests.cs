using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Database;
using SecureShop.Deployment.Tests.Support;
using SecureShop.Identity.Keys;
using SecureShop.Identity.Tokens;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Sealing;

namespace SecureShop.Deployment.Tests;

/// <summary>What is made for the vault is what the services take.</summary>
[Trait("Practice", "P40")]
public sealed class MadeSecretsFitTests
{
    private static async Task<FakeAzure> MadeAsync(string name, string make, string? publicPart = null)
    {
        var azure = await FakeAzure.StartAsync();
        azure.Announce(name, make, publicPart: publicPart);
        azure.Announce("public");
        Assert.Equal(0, (await azure.RunAsync("secrets")).ExitCode);
        return azure;
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();

    [Fact]
    public async Task Identity_takes_the_certificate_for_its_key_ring()
    {
        await using var azure = await MadeAsync("key-ring", "sealing-certificate");

        using var certificate = Assert.Single(KeyCertificates.Read(Configuration(("Identity:KeyCertificates:0", azure.ValueOf("key-ring")))));

        Assert.True(certificate.HasPrivateKey);
        Assert.Throws<InvalidOperationException>(() => KeyCertificates.Read(Configuration(("Identity:KeyCertificates:0", ClientKey.Generate()))));
    }

    [Fact]
    public async Task Orders_takes_the_master_key()
    {
        await using var azure = await MadeAsync("master-key", "sealing-key");

        Assert.True(new SealingOptions.Validator().Validate(null, new() { MasterKeys = [azure.ValueOf("master-key")] }).Succeeded);
        Assert.True(new SealingOptions.Validator().Validate(null, new() { MasterKeys = [ClientKey.Generate()] }).Failed);
    }

    [Fact]
    public async Task The_Database_job_takes_the_password()
    {
        await using var azure = await MadeAsync("password", "password");
        var settings = new JobSettings(Configuration(
            ("ConnectionStrings:shop", "Host=localhost"), ("Roles:orders_app", azure.ValueOf("password")), ("Roles:catalog_app", "short")));

        Assert.Equal(azure.ValueOf("password"), settings.PasswordOf("orders_app"));
        Assert.Equal(43, settings.PasswordOf("orders_app").Length);
        Assert.Throws<JobException>(() => settings.PasswordOf("catalog_app"));
    }

    [Fact]
    public async Task Orders_signs_with_the_private_key_and_Identity_verifies_by_the_public_part()
    {
        await using var azure = await MadeAsync("key", "ec-p256-private-key", "public");
        var client = new ServiceClientOptions { Id = "orders-service", Key = azure.ValueOf("key") };
        Assert.True(new ServiceClientOptions.Validator().Validate(null, client).Succeeded);
        var known = Configuration(("Clients:OrdersServiceKey", azure.ValueOf("public")), ("Clients:CatalogServiceKey", azure.ValueOf("public")), ("Clients:DemoSecret", new string('x', 24)))
            .GetValidatedOptions<ClientOptions, ClientOptions.Validator>(ClientOptions.Section);

        using var assertion = new ClientAssertion(Options.Create(client), Options.Create(new IssuerOptions { Issuer = "https://identity.example" }), TimeProvider.System);
        var signed = assertion.Create();

        Assert.True((await VerifyAsync(signed)).IsValid);
        Assert.False((await VerifyAsync(signed[..^6] + "AAAAAA")).IsValid);

        Task<TokenValidationResult> VerifyAsync(string token) => new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = new JsonWebKey(PublicKeys.ToJsonWebKey(known.OrdersServiceKey)),
            ValidIssuer = "orders-service",
            ValidAudience = "https://identity.example",
        });
    }

    [Fact]
    public async Task A_password_has_its_256_bits()
    {
        await using var azure = await MadeAsync("password", "password");

        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(azure.ValueOf("password"))).Length);
    }
}
