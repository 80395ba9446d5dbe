namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Devices that wait, read by OpenIddict from the code that the page was sent with. An answer ends as a redirect to the page.</summary>
internal sealed class DeviceRequests(KnownClients clients, TokenPrincipals principals) : IDeviceRequests
{
    public async Task<DeviceRequest?> FindAsync(HttpContext context, string userCode)
        => (await context.AuthenticateAsync(Endpoints.Scheme)) is { Succeeded: true, Principal: { } waiting }
            && clients.Find(waiting.GetClaim(Claims.ClientId)) is { } client
            ? new(userCode, client, [.. waiting.GetScopes()])
            : null;

    public async Task<bool> AllowAsync(HttpContext context, DeviceRequest request)
    {
        if (ShopSession.Of(context.User) is not { } session
            || await principals.ForSessionAsync(session, request.Client, request.Scopes, [], context.RequestAborted) is not { } principal)
            return false;
        await context.SignInAsync(Endpoints.Scheme, principal);
        return true;
    }

    public async Task<bool> RefuseAsync(HttpContext context, DeviceRequest request)
    {
        await context.ForbidAsync(Endpoints.Scheme, Endpoints.Refusal(Errors.AccessDenied));
        return true;
    }
}
