using Microsoft.Extensions.Http.Resilience;
using Polly;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.Identity.Tokens;

internal static class TokenContracts
{
    /// <summary>What every engine is given: the settings, the clients, and who tokens are about.</summary>
    public static void AddTokenContracts(this IHostApplicationBuilder builder)
    {
        // At their usual level they write whole requests, and a verifier, a state or a nonce is somebody's secret.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        builder.Logging.AddFilter("Duende", LogLevel.Warning);

        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        builder.AddValidatedOptions<ClientOptions, ClientOptions.Validator>(ClientOptions.Section);
        var shop = builder.Configuration.GetValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        var clients = builder.Configuration.GetValidatedOptions<ClientOptions, ClientOptions.Validator>(ClientOptions.Section);
        var services = builder.Services;
        services.AddSingleton(new KnownClients(ShopClients.From(clients, shop.Origin))).AddSingleton<RequestMarks>().AddScoped<TokenSubjects>();
        services.AddSingleton<SigningKeys>().AddHostedService(provider => provider.GetRequiredService<SigningKeys>())
            .AddSingleton<ITidying>(provider => provider.GetRequiredService<SigningKeys>());
        builder.AddRevocationFeed(TokenLifetimes.Access);
        services.AddSingleton<BackChannelLogout>().AddHostedService(provider => provider.GetRequiredService<BackChannelLogout>());
        services.AddHttpClient(BackChannelLogout.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => ServiceConnection.CreateHandler(builder.Configuration))
            .AddResilienceHandler("tell", calls => calls.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2 }).AddTimeout(TimeSpan.FromSeconds(5)));
    }
}

/// <summary>The clients by their ids. They come from the configuration and do not change while the service runs.</summary>
internal sealed class KnownClients(IReadOnlyList<ShopClient> clients)
{
    private readonly Dictionary<string, ShopClient> byId = clients.ToDictionary(client => client.Id, StringComparer.Ordinal);

    public IReadOnlyList<ShopClient> All => clients;

    public ShopClient? Find(string? id) => id is null ? null : byId.GetValueOrDefault(id);
}
