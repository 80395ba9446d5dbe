using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Removes codes, tokens, families and requests that have expired.</summary>
internal sealed class ExpiredGrants : ITidying
{
    public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
        => services.GetRequiredService<IdentityDbContext>().Grants.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
}
