namespace SecureShop.Identity.Tokens;

/// <summary>A device that waits for a person to approve it (RFC 8628).</summary>
/// <param name="UserCode">What the person has typed, or came with.</param>
/// <param name="Client">Who asks.</param>
/// <param name="Scopes">What for, by name.</param>
internal sealed record DeviceRequest(string UserCode, ShopClient Client, IReadOnlyList<string> Scopes);

/// <summary>Devices that wait. Each engine has one.</summary>
internal interface IDeviceRequests
{
    /// <summary>The device that shows <paramref name="userCode"/>, or null where none does.</summary>
    Task<DeviceRequest?> FindAsync(HttpContext context, string userCode);

    /// <summary>Lets the device go on as the person who is signed in.</summary>
    /// <returns>Whether it still waited.</returns>
    Task<bool> AllowAsync(HttpContext context, DeviceRequest request);

    /// <summary>Turns the device away.</summary>
    Task<bool> RefuseAsync(HttpContext context, DeviceRequest request);
}
