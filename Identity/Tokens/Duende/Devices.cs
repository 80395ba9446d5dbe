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

    /// <summary>Whether this request has answered a device that still waited: it gets one answer.</summary>
    public bool IsAnswered { get; private set; }

    public Task StoreDeviceAuthorizationAsync(string deviceCode, string userCode, DeviceCode data)
    {
        var lifetime = TimeSpan.FromSeconds(data.Lifetime);
        database.AddGrant(deviceCode, Device, data.ClientId, data.CreationTime, lifetime, serializer.Serialize(data));
        database.AddGrant(userCode, User, data.ClientId, data.CreationTime, lifetime, deviceCode);
        return database.SaveChangesAsync();
    }

    public async Task<DeviceCode?> FindByUserCodeAsync(string userCode) => Read(await Waiting(userCode).AsNoTracking().SingleOrDefaultAsync());

    public async Task<DeviceCode?> FindByDeviceCodeAsync(string deviceCode) => Read(await ByCode(deviceCode).AsNoTracking().SingleOrDefaultAsync());

    public async Task UpdateByUserCodeAsync(string userCode, DeviceCode data)
    {
        var (subject, content) = (data.Subject?.FindFirst(ShopClaims.Subject)?.Value, serializer.Serialize(data));
        if (data.Description is { } family)
            families.Begin(family, subject, data.SessionId, data.ClientId);
        await database.SaveChangesAsync();
        DateTimeOffset? now = clock.GetUtcNow();
        IsAnswered = await Waiting(userCode).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.SubjectId, subject).SetProperty(row => row.SessionId, data.SessionId)
            .SetProperty(row => row.ConsumedAt, now).SetProperty(row => row.Data, content)) == 1;
    }

    public async Task RemoveByDeviceCodeAsync(string deviceCode)
    {
        // Of two that race, one finds it.
        if (await ByCode(deviceCode).ExecuteDeleteAsync() == 0)
            await families.EndReusedAsync(id: null);
    }

    private IQueryable<GrantRow> ByCode(string deviceCode) => database.Grants.Where(row => row.Key == deviceCode && row.Type == Device);

    private IQueryable<GrantRow> Waiting(string userCode)
    {
        var now = clock.GetUtcNow();
        return database.Grants.Where(row => row.Type == Device && row.ConsumedAt == null && row.ExpiresAt > now
            && database.Grants.Any(user => user.Key == userCode && user.Type == User && user.Data == row.Key));
    }

    private DeviceCode? Read(GrantRow? row) => row is null ? null : serializer.Deserialize<DeviceCode>(row.Data);
}

/// <summary>What people say to devices that wait.</summary>
internal sealed class DeviceRequests(IDeviceFlowInteractionService interaction, DeviceGrants devices, KnownClients clients) : IDeviceRequests
{
    public async Task<DeviceRequest?> FindAsync(HttpContext context, string userCode)
        => await interaction.GetAuthorizationContextAsync(Digits(userCode)) is { } request && clients.Find(request.Client.ClientId) is { } client
            ? new(userCode, client, [.. request.ValidatedResources.RawScopeValues]) : null;

    public Task<bool> AllowAsync(HttpContext context, DeviceRequest request)
        => AnswerAsync(request, new() { ScopesValuesConsented = request.Scopes, Description = Families.NewId() });

    // IdentityServer reads an answer without scopes as a refusal.
    public Task<bool> RefuseAsync(HttpContext context, DeviceRequest request) => AnswerAsync(request, new() { ScopesValuesConsented = [] });

    private async Task<bool> AnswerAsync(DeviceRequest request, ConsentResponse answer)
        => !(await interaction.HandleRequestAsync(Digits(request.UserCode), answer)).IsError && devices.IsAnswered;

    // People type what separates the digits, or not.
    private static string Digits(string userCode) => string.Concat(userCode.Where(char.IsAsciiDigit));
}

/// <summary>Slows down a device that asks too often while its person has not answered (RFC 8628, 3.5). After that there is nothing to wait for.</summary>
internal sealed class DevicePace(DistributedDeviceFlowThrottlingService inner) : IDeviceFlowThrottlingService
{
    public async Task<bool> ShouldSlowDown(string deviceCode, DeviceCode details) => !details.IsAuthorized && await inner.ShouldSlowDown(deviceCode, details);
}
