using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Devices that wait for a person.</summary>
internal sealed class DeviceRequests(DeviceGrants devices, KnownClients clients, IUserSession session) : IDeviceRequests
{
    public async Task<DeviceRequest?> FindAsync(HttpContext context, string userCode)
        => await devices.FindByUserCodeAsync(Digits(userCode).Sha256()) is { } device && clients.Find(device.ClientId) is { } client
            ? new(userCode, client, [.. device.RequestedScopes]) : null;

    public Task<bool> AllowAsync(HttpContext context, DeviceRequest request) => AnswerAsync(request, allowed: true);

    public Task<bool> RefuseAsync(HttpContext context, DeviceRequest request) => AnswerAsync(request, allowed: false);

    private async Task<bool> AnswerAsync(DeviceRequest request, bool allowed)
    {
        var code = Digits(request.UserCode).Sha256();
        if (await session.GetUserAsync() is not { } person || await devices.FindByUserCodeAsync(code) is not { } device)
            return false;

        // IdentityServer reads an answer without scopes as a refusal.
        device.IsAuthorized = true;
        device.Subject = person;
        device.SessionId = await session.GetSessionIdAsync();
        device.AuthorizedScopes = allowed ? device.RequestedScopes : [];
        device.Description = allowed ? Families.NewId() : null;
        return await devices.TryAnswerAsync(code, device);
    }

    // People type what separates the digits, or not.
    private static string Digits(string userCode) => string.Concat(userCode.Where(char.IsAsciiDigit));
}

/// <summary>Slows down a device that asks too often while its person has not answered (RFC 8628, 3.5). After that there is nothing to wait for.</summary>
internal sealed class DevicePace(DistributedDeviceFlowThrottlingService inner) : IDeviceFlowThrottlingService
{
    public async Task<bool> ShouldSlowDown(string deviceCode, DeviceCode details) => !details.IsAuthorized && await inner.ShouldSlowDown(deviceCode, details);
}
