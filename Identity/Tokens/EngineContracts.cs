namespace SecureShop.Identity.Tokens;

// What the rest of Identity asks of a token server. Each engine has one of each.

/// <summary>What sessions and people have granted to clients: codes, refresh tokens and access tokens.</summary>
internal interface ITokenGrants
{
    /// <summary>Ends all that a session has granted, and tells the clients that want to know (OpenID Connect Back-Channel Logout 1.0).</summary>
    Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken);

    /// <summary>Ends all that was granted in a person's name, whatever the session; sessions themselves stay.</summary>
    Task EndSubjectAsync(string subject, CancellationToken cancellationToken);
}

/// <summary>The requests of clients that wait for a person.</summary>
internal interface IAuthorizationRequests
{
    /// <summary>The request behind an address of the token server, or null where there is none that it would answer.</summary>
    Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl);
}

/// <summary>
/// A client's request as the token server has accepted it: the address for the answer is matched to the client, the hint is any text, and
/// the way back to the token server is for when the person has done what is needed.
/// </summary>
internal sealed record AuthorizationRequest(
    ShopClient Client, IReadOnlyList<string> Scopes, string RedirectUri, Interaction Needs, string? LoginHint, string ReturnUrl);

/// <summary>Devices that wait for a person to approve them (RFC 8628).</summary>
internal interface IDeviceRequests
{
    /// <summary>The device that shows <paramref name="userCode"/>, or null where none does.</summary>
    Task<DeviceRequest?> FindAsync(HttpContext context, string userCode);

    /// <summary>Lets the device go on as the person who is signed in; false where it no longer waits.</summary>
    Task<bool> AllowAsync(HttpContext context, DeviceRequest request);

    /// <summary>Turns the device away.</summary>
    Task<bool> RefuseAsync(HttpContext context, DeviceRequest request);
}

/// <summary>A device that waits, by the code that the person has typed or came with.</summary>
internal sealed record DeviceRequest(string UserCode, ShopClient Client, IReadOnlyList<string> Scopes);

/// <summary>Wishes of clients that their user sign out (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal interface ISignOutRequests
{
    /// <summary>The wish that the sign-out page was opened with, or null.</summary>
    Task<SignOutRequest?> FindAsync(string? id);
}

/// <summary>Who wishes it, where that is known, and where its user is wanted back: matched to the client, with its <c>state</c>; or null.</summary>
internal sealed record SignOutRequest(ShopClient? Client, string? RedirectUri);
