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

    /// <summary>A parameter that names the clients to be told of a sign-out; the stand-in tells none, so there is never one.</summary>
    Task<string?> CreateLogoutContextAsync();
}
