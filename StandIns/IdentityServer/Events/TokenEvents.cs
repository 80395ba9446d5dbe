using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Events;

/// <summary>Tokens, or a code, were given.</summary>
public class TokenIssuedSuccessEvent : Event
{
    internal TokenIssuedSuccessEvent(string endpoint, Client client, string? grantType, IEnumerable<string> scopes, string? subjectId, IEnumerable<Token> tokens)
        : base(EventCategories.Token, "Token Issued Success", EventTypes.Success, EventIds.TokenIssuedSuccess)
    {
        Endpoint = endpoint;
        ClientId = client.ClientId;
        ClientName = client.ClientName;
        GrantType = grantType;
        Scopes = string.Join(' ', scopes);
        SubjectId = subjectId;
        Tokens = tokens.ToList();
    }

    /// <summary>The client.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Where the code was sent.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>Where.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>The scopes given.</summary>
    public string? Scopes { get; set; }

    /// <summary>The grant.</summary>
    public string? GrantType { get; set; }

    /// <summary>What was given, by its end only.</summary>
    public IEnumerable<Token> Tokens { get; set; }

    /// <summary>One token.</summary>
    public class Token
    {
        /// <summary>Of this kind; only its end is kept.</summary>
        public Token(string type, string value)
        {
            TokenType = type;
            TokenValue = Obfuscate(value);
        }

        /// <summary>The kind.</summary>
        public string TokenType { get; }

        /// <summary>The end.</summary>
        public string TokenValue { get; }
    }
}

/// <summary>Tokens, or a code, were refused.</summary>
public class TokenIssuedFailureEvent : Event
{
    internal TokenIssuedFailureEvent(string endpoint, string? clientId, string? grantType, string? scopes, string? subjectId, string? error, string? description)
        : base(EventCategories.Token, "Token Issued Failure", EventTypes.Failure, EventIds.TokenIssuedFailure)
    {
        Endpoint = endpoint;
        ClientId = clientId;
        GrantType = grantType;
        Scopes = scopes;
        SubjectId = subjectId;
        Error = error;
        ErrorDescription = description;
    }

    /// <summary>The client.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Where the code should have gone.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>Where.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>The scopes asked for.</summary>
    public string? Scopes { get; set; }

    /// <summary>The grant.</summary>
    public string? GrantType { get; set; }

    /// <summary>The code.</summary>
    public string? Error { get; set; }

    /// <summary>What it means.</summary>
    public string? ErrorDescription { get; set; }
}

/// <summary>A token was taken back.</summary>
public class TokenRevokedSuccessEvent : Event
{
    internal TokenRevokedSuccessEvent(Client client, string? tokenType, string token)
        : base(EventCategories.Token, "Token Revoked Success", EventTypes.Success, EventIds.TokenRevokedSuccess)
    {
        ClientId = client.ClientId;
        ClientName = client.ClientName;
        TokenType = tokenType;
        Token = Obfuscate(token);
    }

    /// <summary>The client.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>The kind.</summary>
    public string? TokenType { get; set; }

    /// <summary>The end of the token.</summary>
    public string? Token { get; set; }
}
