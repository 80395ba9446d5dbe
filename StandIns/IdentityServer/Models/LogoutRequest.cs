using System.Collections.Specialized;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What the logout page must know across redirects.</summary>
public class LogoutMessage
{
    /// <summary>The client that asked.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Where to go afterwards; only ever a registered address.</summary>
    public string? PostLogoutRedirectUri { get; set; }

    /// <summary>The user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>The session.</summary>
    public string? SessionId { get; set; }

    /// <summary>Clients that the user signed in to in this session.</summary>
    public IEnumerable<string>? ClientIds { get; set; }

    /// <summary>Languages the user likes.</summary>
    public string? UiLocales { get; set; }
}

/// <summary>What the logout page needs.</summary>
public class LogoutRequest
{
    /// <summary>From a message, where there is one.</summary>
    public LogoutRequest(string? iframeUrl, LogoutMessage? message)
    {
        SignOutIFrameUrl = iframeUrl;
        ClientId = message?.ClientId;
        ClientName = message?.ClientName;
        PostLogoutRedirectUri = message?.PostLogoutRedirectUri;
        SubjectId = message?.SubjectId;
        SessionId = message?.SessionId;
        ClientIds = message?.ClientIds;
        UiLocales = message?.UiLocales;
    }

    /// <summary>The client that asked, proven by its identity token.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Where to go afterwards; only ever a registered address.</summary>
    public string? PostLogoutRedirectUri { get; set; }

    /// <summary>The user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>The session.</summary>
    public string? SessionId { get; set; }

    /// <summary>Clients that the user signed in to in this session.</summary>
    public IEnumerable<string>? ClientIds { get; set; }

    /// <summary>Languages the user likes.</summary>
    public string? UiLocales { get; set; }

    /// <summary>Everything else that was sent.</summary>
    public NameValueCollection Parameters { get; } = [];

    /// <summary>A page that tells browser clients of the sign-out; the stand-in has none.</summary>
    public string? SignOutIFrameUrl { get; set; }

    /// <summary>Whether to ask first: without a proven client the request may be forged (sign-out CSRF).</summary>
    public bool ShowSignoutPrompt => string.IsNullOrEmpty(ClientId);
}
