using SecureShop.StandIns.IdentityServer.Sessions;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>What the host's pages need of the protocol.</summary>
internal sealed class InteractionService(AuthorizeRequestValidator validator, SealedMessages messages) : IIdentityServerInteractionService
{
    public Task<AuthorizationRequest?> GetAuthorizationContextAsync(string? returnUrl)
    {
        var request = ReturnUrl.Parse(returnUrl) is { } parameters ? validator.Validate(parameters).Request : null;
        return Task.FromResult(request is null ? null : new AuthorizationRequest(request.Client, request.RedirectUri, request.Raw.Value("login_hint")));
    }

    public bool IsValidReturnUrl(string? returnUrl) => ReturnUrl.Parse(returnUrl) is not null;

    public Task<ErrorMessage?> GetErrorContextAsync(string? errorId) => Task.FromResult(messages.Open<ErrorMessage>(errorId));

    public Task<LogoutRequest> GetLogoutContextAsync(string? logoutId) => Task.FromResult(messages.Open<LogoutRequest>(logoutId) ?? new LogoutRequest());

    public Task<string?> CreateLogoutContextAsync() => Task.FromResult<string?>(null);
}
