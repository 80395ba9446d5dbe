using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Stores.Serialization;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Devices that wait (RFC 8628), by the hashes of their codes. A row of the device has everything; a row of the code that people type
/// points to it. A device that was answered is found by its own code alone.
/// </summary>
internal sealed class DeviceGrants(IdentityDbContext database, IPersistentGrantSerializer serializer, Families families, TimeProvider clock) : IDeviceFlowStore
{
    private const string Device = "device_code";
    private const string User = "user_code";

    /// <summary>Whether this request is the one that has redeemed its device code: of two that race, one is.</summary>
    public bool Redeemed { get; private set; }

    public Task StoreDeviceAuthorizationAsync(string deviceCode, string userCode, DeviceCode data)
    {
        database.Grants.AddRange(Row(deviceCode, Device, data, serializer.Serialize(data)), Row(userCode, User, data, deviceCode));
        return database.SaveChangesAsync();
    }

    public async Task<DeviceCode?> FindByUserCodeAsync(string userCode) => Read(await Waiting(userCode).AsNoTracking().SingleOrDefaultAsync());

    public async Task<DeviceCode?> FindByDeviceCodeAsync(string deviceCode)
        => Read(await database.Grants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == deviceCode && row.Type == Device));

    public Task UpdateByUserCodeAsync(string userCode, DeviceCode data) => TryAnswerAsync(userCode, data);

    public async Task RemoveByDeviceCodeAsync(string deviceCode)
        => Redeemed = await database.Grants.Where(row => row.Key == deviceCode && row.Type == Device).ExecuteDeleteAsync() == 1;

    /// <summary>Whether the device still waited: it gets one answer.</summary>
    public async Task<bool> TryAnswerAsync(string userCode, DeviceCode data)
    {
        if (data.Description is { } family)
            await families.BeginAsync(family, data.Subject?.FindFirst(ShopClaims.Subject)?.Value, data.SessionId, data.ClientId);
        DateTimeOffset? now = clock.GetUtcNow();
        var (subject, content) = (data.Subject?.FindFirst(ShopClaims.Subject)?.Value, serializer.Serialize(data));
        return await Waiting(userCode).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.SubjectId, subject).SetProperty(row => row.SessionId, data.SessionId)
            .SetProperty(row => row.ConsumedAt, now).SetProperty(row => row.Data, content)) == 1;
    }

    private IQueryable<GrantRow> Waiting(string userCode)
    {
        var now = clock.GetUtcNow();
        return database.Grants.Where(row => row.Type == Device && row.ConsumedAt == null && row.ExpiresAt > now
            && database.Grants.Any(user => user.Key == userCode && user.Type == User && user.Data == row.Key));
    }

    private DeviceCode? Read(GrantRow? row) => row is null ? null : serializer.Deserialize<DeviceCode>(row.Data);

    private static GrantRow Row(string key, string type, DeviceCode data, string content)
    {
        var created = new DateTimeOffset(DateTime.SpecifyKind(data.CreationTime, DateTimeKind.Utc));
        return new() { Key = key, Type = type, ClientId = data.ClientId, CreatedAt = created, ExpiresAt = created.AddSeconds(data.Lifetime), Data = content };
    }
}
