using OpenIddict.Abstractions;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Removes tokens and families that are of no use any more.</summary>
internal sealed class Pruning : ITidying
{
    // Younger ones are kept: that a token was used before is known by its row.
    private static readonly TimeSpan Age = TokenLifetimes.RefreshLongest;

    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(now - Age, cancellationToken);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(now - Age, cancellationToken);
    }
}
