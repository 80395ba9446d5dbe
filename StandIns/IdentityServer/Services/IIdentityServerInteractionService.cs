using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>What the host's pages need of the protocol.</summary>
public interface IIdentityServerInteractionService
{
    /// <summary>The request behind a way back; null where it is none of ours or no longer good.</summary>
    Task<AuthorizationRequest?> GetAuthorizationContextAsync(string? returnUrl);

    /// <summary>Whether a way back is local and leads to the protocol. Everything else is an open redirect.</summary>
    bool IsValidReturnUrl(string? returnUrl);

    /// <summary>The error behind an error page's parameter.</summary>
    Task<ErrorMessage?> GetErrorContextAsync(string? errorId);

    /// <summary>The request behind a logout page's parameter; an empty one where there is none.</summary>
    Task<LogoutRequest> GetLogoutContextAsync(string? logoutId);

    /// <summary>A parameter that carries the session across sign-out; null where no client took part.</summary>
    Task<string?> CreateLogoutContextAsync();

    /// <summary>Sends the browser back to the client with an error, once it returns to the callback.</summary>
    Task DenyAuthorizationAsync(AuthorizationRequest request, AuthorizationError error, string? errorDescription = null);

    /// <summary>What the signed-in user let clients have.</summary>
    Task<IEnumerable<Grant>> GetAllUserGrantsAsync();

    /// <summary>Takes it back from one client, or all.</summary>
    Task RevokeUserConsentAsync(string? clientId);

    /// <summary>Ends the refresh tokens of this session.</summary>
    Task RevokeTokensForCurrentSessionAsync();
}
