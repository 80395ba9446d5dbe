using System.Collections.Specialized;
using System.Security.Claims;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>A request whose client is known and whose parameters hold.</summary>
public class ValidatedRequest
{
    /// <summary>Everything that was sent.</summary>
    public NameValueCollection Raw { get; set; } = default!;

    /// <summary>The client.</summary>
    public Client Client { get; set; } = default!;

    /// <summary>The client's identifier.</summary>
    public string ClientId { get; set; } = default!;

    /// <summary>The issuer.</summary>
    public string IssuerName { get; set; } = default!;

    /// <summary>What the client proved itself with.</summary>
    public ParsedSecret? Secret { get; set; }

    /// <summary>Seconds that the access token will live; an extension grant may shorten it.</summary>
    public int AccessTokenLifetime { get; set; }

    /// <summary>Claims of the client for the access token.</summary>
    public ICollection<Claim> ClientClaims { get; set; } = [];

    /// <summary>The user, where there is one.</summary>
    public ClaimsPrincipal? Subject { get; set; }

    /// <summary>The user's session, where there is one.</summary>
    public string? SessionId { get; set; }

    /// <summary>How the server behaves.</summary>
    public IdentityServerOptions Options { get; set; } = default!;

    /// <summary>The scopes asked for.</summary>
    public ResourceValidationResult ValidatedResources { get; set; } = new();

    /// <summary>Sets the client and what follows from it.</summary>
    public void SetClient(Client client, ParsedSecret? secret = null, string confirmation = "")
    {
        Client = client ?? throw new ArgumentNullException(nameof(client));
        ClientId = client.ClientId;
        Secret = secret;
        AccessTokenLifetime = client.AccessTokenLifetime;
        ClientClaims = client.Claims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType)).ToList();
    }
}

/// <summary>A token request.</summary>
public class ValidatedTokenRequest : ValidatedRequest
{
    /// <summary>The grant.</summary>
    public string GrantType { get; set; } = default!;

    /// <summary>The scopes as they were sent.</summary>
    public IEnumerable<string>? RequestedScopes { get; set; }
}

/// <summary>An authorize request.</summary>
public class ValidatedAuthorizeRequest : ValidatedRequest
{
    /// <summary>Where the answer goes.</summary>
    public string RedirectUri { get; set; } = default!;

    /// <summary>How it goes there.</summary>
    public string ResponseMode { get; set; } = default!;

    /// <summary>The client's own value, handed back unread.</summary>
    public string? State { get; set; }

    /// <summary>Ties the identity token to the request.</summary>
    public string? Nonce { get; set; }

    /// <summary>The proof key's hash.</summary>
    public string? CodeChallenge { get; set; }

    /// <summary>The scopes as they were sent.</summary>
    public IReadOnlyList<string> RequestedScopes { get; set; } = [];

    /// <summary>Whether this is an OpenID Connect request.</summary>
    public bool IsOpenIdRequest { get; set; }

    /// <summary>How much the user wants to be asked.</summary>
    public IEnumerable<string> PromptModes { get; set; } = [];

    /// <summary>Greatest age of the sign-in in seconds.</summary>
    public int? MaxAge { get; set; }

    /// <summary>The user name to start with.</summary>
    public string? LoginHint { get; set; }

    /// <summary>Authentication context that the client wants.</summary>
    public IEnumerable<string> AcrValues { get; set; } = [];
}
