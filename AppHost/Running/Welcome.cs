using Microsoft.Extensions.DependencyInjection;
using SecureShop.Database.Seeding;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>What people need who want to try the system: addresses, what runs behind them, and whom they may sign in as.</summary>
internal sealed class Welcome(DistributedApplication app, string stores, string tokenEngine, CertificateFiles certificate)
{
    /// <summary>The parameter with the secret of the client <c>demo</c>.</summary>
    public const string DemoSecret = "demo-client-secret";

    private readonly DistributedApplicationModel _model = app.Services.GetRequiredService<DistributedApplicationModel>();
    private string _dashboard = "off (--no-dashboard)";

    /// <summary>Takes what it wants from an event: the dashboard's address, with the token to sign in.</summary>
    public void Notice(ResourceEvent told)
    {
        if (told.Resource.Name == "aspire-dashboard" && told.Snapshot.Urls.FirstOrDefault(url => url.Name is "https" or "http") is { } address)
            _dashboard = address.Url;
    }

    /// <summary>The text, once everything has its address.</summary>
    public async Task<string> WriteAsync(CancellationToken cancellation)
    {
        var gateway = _model.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "gateway");
        var shop = gateway.GetEndpoint("shop").Url;
        var users = await Task.WhenAll(DemoUsers.All.Select(async user =>
            $"    {user.Email,-28}{await SecretAsync(DemoAccounts.PasswordOf(user), cancellation),-36}{user.Role}"));
        var apps = await Task.WhenAll(DemoUsers.All.Where(user => user.HasAuthenticator).Select(async user =>
            $"    {user.Email,-28}otpauth://totp/SecureShop:{user.Email}?secret={await SecretAsync(DemoAccounts.AuthenticatorKeyOf(user), cancellation)}&issuer=SecureShop"));
        return $"""
              Shop        {shop}
              Identity    {gateway.GetEndpoint("identity").Url}
              Mail        {_model.Resources.OfType<ProjectResource>().Single(resource => resource.Name == "mailbox").GetEndpoint("https").Url}
              Dashboard   {_dashboard}
              Stores      {stores}
              Tokens      {tokenEngine}

              Sign in as (the passwords were made for this machine alone and stay until --fresh):
            {string.Join(Environment.NewLine, users)}
              Roles that can hurt others are asked for a code as well: give these addresses to an authenticator app, or 'oathtool --totp -b' the secrets.
            {string.Join(Environment.NewLine, apps)}
              Client      demo, with the secret {await SecretAsync(DemoSecret, cancellation)} (client credentials, catalog.read)
                          storefront, partner, gateway, by the private keys that the dashboard has as parameters (storefront-key and so on)

              curl        curl --cacert {certificate.CertificatePath} {shop}/api/catalog/products
              Browsers    dotnet dev-certs https --trust

            """;
    }

    private async Task<string?> SecretAsync(string name, CancellationToken cancellation) =>
        await _model.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == name).GetValueAsync(cancellation);
}
