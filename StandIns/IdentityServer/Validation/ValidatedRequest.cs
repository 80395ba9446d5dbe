using System.Collections.Specialized;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>A request whose client is known and whose parameters hold.</summary>
internal class ValidatedRequest
{
    /// <summary>Everything that was sent.</summary>
    public required NameValueCollection Raw { get; init; }

    public required Client Client { get; init; }

    /// <summary>The scopes asked for.</summary>
    public GrantedScopes Scopes { get; set; } = default!;

    /// <summary>The user, where there is one.</summary>
    public ClaimsPrincipal? Subject { get; set; }

    /// <summary>The user's session, where there is one.</summary>
    public string? SessionId { get; set; }
}

/// <summary>An authorize request.</summary>
internal sealed class ValidatedAuthorizeRequest : ValidatedRequest
{
    /// <summary>Where the answer goes.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>How it goes there.</summary>
    public string ResponseMode { get; set; } = "query";

    /// <summary>The client's own value, handed back unread.</summary>
    public string? State { get; set; }

    /// <summary>The proof key's hash.</summary>
    public string? CodeChallenge { get; set; }

    /// <summary>How much the user wants to be asked.</summary>
    public IReadOnlyList<string> PromptModes { get; set; } = [];

    /// <summary>Greatest age of the sign-in in seconds.</summary>
    public int? MaxAge { get; set; }
}
