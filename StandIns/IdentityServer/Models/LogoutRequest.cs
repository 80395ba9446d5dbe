namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What the logout page needs.</summary>
public class LogoutRequest
{
    /// <summary>The client that asked, proven by its identity token.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Where to go afterwards; only ever a registered address.</summary>
    public string? PostLogoutRedirectUri { get; set; }

    /// <summary>The user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>Whether to ask first: without a proven client the request may be forged (sign-out CSRF).</summary>
    public bool ShowSignoutPrompt => string.IsNullOrEmpty(ClientId);
}
