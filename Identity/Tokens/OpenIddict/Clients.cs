using System.Runtime.CompilerServices;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Clients as OpenIddict asks for them: what the configuration says of them, and the id of the row that tokens refer to. One that is
/// configured no more is none, and may do nothing.
/// </summary>
internal sealed class Clients(
    IOpenIddictApplicationCache<Application> cache, ILogger<Clients> logger, IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<Application> store, IServiceScopeFactory scopes, KnownClients clients)
    : OpenIddictApplicationManager<Application>(cache, logger, options, store)
{
    // They do not change while the service runs.
    private readonly ConcurrentDictionary<string, Application> read = new(StringComparer.Ordinal);

    /// <summary>One for all requests: it reads what it knows by itself, and its store has no database.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var noDatabase = new OpenIddictEntityFrameworkCoreContext<IdentityDbContext>();
        services.Replace(ServiceDescriptor.Singleton<IOpenIddictApplicationStore<Application>>(
            provider => ActivatorUtilities.CreateInstance<OpenIddictEntityFrameworkCoreApplicationStore>(provider, noDatabase)));
        services.Replace(ServiceDescriptor.Singleton<IOpenIddictApplicationCache<Application>, OpenIddictApplicationCache<Application>>());
        services.Replace(ServiceDescriptor.Singleton<IOpenIddictApplicationManager, Clients>());
    }

    public override async ValueTask<Application?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken = default)
    {
        if (read.TryGetValue(identifier, out var known))
            return known;

        // A name that nobody is configured by asks the database nothing: it may be any text, and of any number.
        if (clients.Find(identifier) is not { } client)
            return null;

        // Replicas that start together find one row. Nothing that is said of the client here is written to it.
        var application = await scopes.WithDatabaseAsync(async (IdentityDbContext database) =>
        {
            await database.Database.ExecuteSqlAsync(
                $"insert into identity.applications (id, client_id) values ({Guid.NewGuid().ToString()}, {client.Id}) on conflict (client_id) do nothing", cancellationToken);
            var row = await database.Set<Application>().AsNoTracking().SingleAsync(row => row.ClientId == client.Id, cancellationToken);
            return new Application { Id = row.Id };
        });
        await PopulateAsync(application, Describe(client), cancellationToken);
        return read.GetOrAdd(identifier, application);
    }

    public override async IAsyncEnumerable<Application> FindByPostLogoutRedirectUriAsync(
        string uri, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var client in clients.All.Where(client => client.PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal)))
            yield return (await FindByClientIdAsync(client.Id, cancellationToken))!;
    }

    public override ValueTask<bool> HasPermissionAsync(Application application, string permission, CancellationToken cancellationToken = default)
        => new(clients.Find(application.ClientId) is { } client && May(client, permission));

    // It is random and of 24 characters or more, and not in the table: thousands of rounds would slow us alone.
    protected override ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default)
        => new(CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(comparand))));

    private static OpenIddictApplicationDescriptor Describe(ShopClient client)
    {
        var description = new OpenIddictApplicationDescriptor
        {
            ClientId = client.Id,
            DisplayName = client.Name,
            ClientType = client.IsPublic ? ClientTypes.Public : ClientTypes.Confidential,
            ClientSecret = client.Secret,
            JsonWebKeySet = client.PublicKey is null ? null : JsonWebKeySet.Create($$"""{"keys":[{{client.PublicKey}}]}"""),

            // Of native apps any port of a loopback address is taken; everything else is compared exactly on both kinds.
            ApplicationType = client.IsPublic ? ApplicationTypes.Native : ApplicationTypes.Web,

            // We ask ourselves (RequestDemands).
            ConsentType = ConsentTypes.Implicit,
        };
        description.RedirectUris.UnionWith(client.RedirectUris.Select(uri => new Uri(uri)));
        description.PostLogoutRedirectUris.UnionWith(client.PostLogoutRedirectUris.Select(uri => new Uri(uri)));
        if (client.IsFapi)
            description.Requirements.Add(Requirements.Features.PushedAuthorizationRequests);
        return description;
    }

    private static bool May(ShopClient client, string permission) => permission switch
    {
        Permissions.Endpoints.Introspection => client.IsApi,
        Permissions.Endpoints.Token or Permissions.Endpoints.Revocation => client.Grants.Count > 0,
        Permissions.Endpoints.Authorization or Permissions.Endpoints.PushedAuthorization or Permissions.Endpoints.EndSession
            or Permissions.GrantTypes.AuthorizationCode => client.Grants.Contains(Grant.Code),
        Permissions.Endpoints.DeviceAuthorization or Permissions.GrantTypes.DeviceCode => client.Grants.Contains(Grant.Device),
        Permissions.GrantTypes.RefreshToken => client.Grants.Contains(Grant.Code) || client.Grants.Contains(Grant.Device),
        Permissions.GrantTypes.ClientCredentials => client.Grants.Contains(Grant.ClientCredentials),
        Permissions.Prefixes.GrantType + ApiKeyGrantType.Name => client.Grants.Contains(Grant.ApiKey),
        _ => permission.StartsWith(Permissions.Prefixes.Resource, StringComparison.Ordinal) && ShopScopes.ApisOf(client.Scopes).Contains(ShopScopes.ApiOf(permission), StringComparer.Ordinal),
    };
}
