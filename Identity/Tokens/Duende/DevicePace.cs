using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Slows down a device that asks too often while its person has not answered (RFC 8628, 3.5). After that there is nothing to wait for.</summary>
internal sealed class DevicePace(DistributedDeviceFlowThrottlingService inner) : IDeviceFlowThrottlingService
{
    public async Task<bool> ShouldSlowDown(string deviceCode, DeviceCode details) => !details.IsAuthorized && await inner.ShouldSlowDown(deviceCode, details);
}
