using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>What the host's pages need of the protocol.</summary>
internal sealed class InteractionService(
    AuthorizeRequestValidator validator, Denials denials, SealedMessages messages, UserSession session, IPersistedGrantService grants)
    : IIdentityServerInteractionService
{
    public async Task<AuthorizationRequest?> GetAuthorizationContextAsync(string? returnUrl)
    {
        if (ReturnUrl.Parse(returnUrl) is not { } parameters)
            return null;
        var result = await validator.ValidateAsync(parameters);
        return result.Request is { } request ? new AuthorizationRequest(request) : null;
    }

    public bool IsValidReturnUrl(string? returnUrl) => ReturnUrl.Parse(returnUrl) is not null;

    public Task<ErrorMessage?> GetErrorContextAsync(string? errorId) => Task.FromResult(messages.Open<ErrorMessage>(errorId));

    public Task<LogoutRequest> GetLogoutContextAsync(string? logoutId) =>
        Task.FromResult(new LogoutRequest(null, messages.Open<LogoutMessage>(logoutId)));

    public async Task<string?> CreateLogoutContextAsync()
    {
        var clients = (await session.GetClientListAsync()).ToList();
        return await session.GetUserAsync() is { } user && clients.Count > 0
            ? messages.Seal(new LogoutMessage { SubjectId = user.GetSubjectId(), SessionId = await session.GetSessionIdAsync(), ClientIds = clients })
            : null;
    }

    public Task DenyAuthorizationAsync(AuthorizationRequest request, AuthorizationError error, string? errorDescription = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        denials.Write(request.Parameters, error, errorDescription);
        return Task.CompletedTask;
    }

    public async Task<IEnumerable<Grant>> GetAllUserGrantsAsync() =>
        await session.GetUserAsync() is { } user ? await grants.GetAllGrantsAsync(user.GetSubjectId()) : [];

    public async Task RevokeUserConsentAsync(string? clientId)
    {
        if (await session.GetUserAsync() is { } user)
            await grants.RemoveAllGrantsAsync(user.GetSubjectId(), clientId);
    }

    public async Task RevokeTokensForCurrentSessionAsync()
    {
        if (await session.GetUserAsync() is { } user && await session.GetSessionIdAsync() is { } sid)
            await grants.RemoveAllGrantsAsync(user.GetSubjectId(), sessionId: sid);
    }
}
