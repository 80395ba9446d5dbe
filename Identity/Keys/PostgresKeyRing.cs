using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Keys;

/// <summary>
/// The key ring in Postgres: insert-only rows, so that replicas never overwrite each other, and every replica and restart reads
/// the same keys.
/// </summary>
internal sealed class PostgresKeyRing(IServiceScopeFactory scopes, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        return [.. database.ProtectionKeys.OrderBy(k => k.Name).Select(k => k.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        database.ProtectionKeys.Add(new ProtectionKeyRow
        {
            Name = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
            CreatedAt = clock.GetUtcNow(),
        });
        database.SaveChanges();
    }
}
