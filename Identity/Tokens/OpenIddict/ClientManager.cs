using System.Collections.Concurrent;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Clients as OpenIddict wants them, read once: they do not change while the service runs.</summary>
internal sealed class ClientManager(
    IOpenIddictApplicationCache<OpenIddictEntityFrameworkCoreApplication> cache, ILogger<ClientManager> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options, IOpenIddictApplicationStore<OpenIddictEntityFrameworkCoreApplication> store, ReadClients read, KnownClients clients)
    : OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication>(cache, logger, options, store)
{
    public override async ValueTask<OpenIddictEntityFrameworkCoreApplication?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken = default)
    {
        if (read.TryGetValue(identifier, out var known))
            return known;

        // A name that nobody is configured by asks the database nothing: it may be any text, and of any number.
        if (clients.Find(identifier) is null)
            return null;
        var client = await base.FindByClientIdAsync(identifier, cancellationToken);
        return client is null ? null : read.GetOrAdd(identifier, client);
    }

    // Our secrets are random strings of 24 characters and more: one hash protects them, and thousands of rounds would slow us alone.
    protected override ValueTask<string> ObfuscateClientSecretAsync(string secret, CancellationToken cancellationToken = default)
        => new(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    protected override async ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default)
        => CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(await ObfuscateClientSecretAsync(secret, cancellationToken)), Encoding.UTF8.GetBytes(comparand));
}

/// <summary>The clients that have been read from the database.</summary>
internal sealed class ReadClients() : ConcurrentDictionary<string, OpenIddictEntityFrameworkCoreApplication>(StringComparer.Ordinal);
