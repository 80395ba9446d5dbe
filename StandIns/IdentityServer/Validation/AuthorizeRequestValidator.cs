using System.Collections.Specialized;
using System.Globalization;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>
/// Checks an authorize request. First client and redirect address: until both hold, no answer leaves for the address, or the
/// server would be an open redirector and hand errors to strangers.
/// </summary>
internal sealed class AuthorizeRequestValidator(ClientList clients, ScopeValidator scopes)
{
    public AuthorizeRequestResult Validate(NameValueCollection parameters)
    {
        if (Parameters.FindRepeated(parameters) is { } repeated)
            return AuthorizeRequestResult.Local(Errors.InvalidRequest, $"The parameter {repeated} is sent more than once.");

        var clientId = parameters.Value("client_id");
        if (clientId is null || clientId.Length > InputLimits.ClientId)
            return AuthorizeRequestResult.Local(Errors.InvalidRequest, "The client_id is missing or too long.");
        if (clients.Find(clientId) is not { } client)
            return AuthorizeRequestResult.Local(Errors.UnauthorizedClient, "The client is unknown.", clientId);

        var redirectUri = parameters.Value("redirect_uri");
        if (redirectUri is null || redirectUri.Length > InputLimits.RedirectUri || !client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
            return AuthorizeRequestResult.Local(Errors.InvalidRequest, "The redirect_uri is not one that the client registered.", clientId);

        var request = new ValidatedAuthorizeRequest
        {
            Raw = parameters,
            Client = client,
            RedirectUri = redirectUri,
            State = parameters.Value("state"),
        };
        var error = CheckProtocol(request) ?? CheckProofKey(request) ?? CheckInteraction(request) ?? CheckScopes(request);
        return error is null ? new AuthorizeRequestResult(request) : AuthorizeRequestResult.ToClient(request, error);
    }

    private static RequestError? CheckProtocol(ValidatedAuthorizeRequest request)
    {
        var raw = request.Raw;
        if (raw.Value("response_mode") is { } mode)
        {
            if (mode is not ("query" or "form_post"))
                return new(Errors.InvalidRequest, "The response_mode is not supported.");
            request.ResponseMode = mode;
        }

        if (request.State?.Length > InputLimits.State)
        {
            request.State = null;
            return new(Errors.InvalidRequest, "The state is too long.");
        }

        if (raw.Value("response_type") is not { } type)
            return new(Errors.InvalidRequest, "The response_type is missing.");

        // Tokens through the browser end up in histories, logs and referrers (RFC 9700 2.1.2).
        if (type != "code")
            return new(Errors.UnsupportedResponseType, "Only response_type=code is served.");
        if (!request.Client.AllowedGrantTypes.Contains(GrantType.AuthorizationCode))
            return new(Errors.UnauthorizedClient, "The client may not use the code flow.");
        if (raw.Value("request") is not null)
            return new(Errors.RequestNotSupported, "Request objects are not supported.");

        // Fetching an address that a stranger names is server-side request forgery.
        return raw.Value("request_uri") is null ? null : new(Errors.RequestUriNotSupported, "Request addresses are not supported.");
    }

    private static RequestError? CheckProofKey(ValidatedAuthorizeRequest request)
    {
        var challenge = request.Raw.Value("code_challenge");
        if (challenge is null)
            return new(Errors.InvalidRequest, "The code_challenge is missing.");

        // Absent means plain (RFC 7636 4.3), and plain shows the verifier to whoever sees the request.
        if (request.Raw.Value("code_challenge_method") != "S256")
            return new(Errors.InvalidRequest, "The code_challenge_method must be S256.");
        if (!PkceValidator.IsChallenge(challenge))
            return new(Errors.InvalidRequest, "The code_challenge is not a SHA-256 hash.");
        request.CodeChallenge = challenge;
        return null;
    }

    private static RequestError? CheckInteraction(ValidatedAuthorizeRequest request)
    {
        var raw = request.Raw;
        if (raw["nonce"]?.Length > InputLimits.Nonce)
            return new(Errors.InvalidRequest, "The nonce is too long.");
        if (raw["login_hint"]?.Length > InputLimits.LoginHint || raw["acr_values"]?.Length > InputLimits.AcrValues || raw["ui_locales"]?.Length > InputLimits.UiLocale)
            return new(Errors.InvalidRequest, "A parameter is too long.");

        var prompts = raw.Value("prompt")?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList() ?? [];
        if (prompts.Exists(prompt => prompt is not (Prompt.None or Prompt.Login or Prompt.Consent or Prompt.SelectAccount)) || (prompts.Count > 1 && prompts.Contains(Prompt.None)))
            return new(Errors.InvalidRequest, "The prompt is not supported.");
        request.PromptModes = prompts;

        if (raw.Value("max_age") is not { } maxAge)
            return null;
        if (!int.TryParse(maxAge, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return new(Errors.InvalidRequest, "The max_age is not a number of seconds.");
        request.MaxAge = seconds;
        return null;
    }

    private RequestError? CheckScopes(ValidatedAuthorizeRequest request)
    {
        if (request.Raw.Value("scope") is not { } scope || scope.Length > InputLimits.Scope)
            return new(Errors.InvalidScope, "The scope is missing or too long.");
        request.Scopes = scopes.Validate(request.Client, ScopeValidator.Parse(scope));
        if (!request.Scopes.Succeeded)
            return new(Errors.InvalidScope, "A scope is unknown or not for this client.");
        return request.Scopes.Identity.Count > 0 && !request.Scopes.Has(IdentityServerConstants.StandardScopes.OpenId)
            ? new(Errors.InvalidScope, "Identity scopes need the scope openid.")
            : null;
    }
}

/// <summary>Values of <c>prompt</c>.</summary>
internal static class Prompt
{
    public const string None = "none";
    public const string Login = "login";
    public const string Consent = "consent";
    public const string SelectAccount = "select_account";
}

/// <summary>An error code and what it means; never a value that was sent in.</summary>
internal sealed record RequestError(string Code, string Description);

/// <summary>A good request, or an error that goes to the client, or one that stays here.</summary>
internal sealed record AuthorizeRequestResult(ValidatedAuthorizeRequest? Request)
{
    public RequestError? Error { get; private init; }

    /// <summary>Where the error may be sent; null keeps it on the local error page.</summary>
    public ValidatedAuthorizeRequest? ErrorTarget { get; private init; }

    public string? ClientId { get; private init; }

    public static AuthorizeRequestResult Local(string error, string description, string? clientId = null) =>
        new(Request: null) { Error = new(error, description), ClientId = clientId };

    public static AuthorizeRequestResult ToClient(ValidatedAuthorizeRequest target, RequestError error) =>
        new(Request: null) { Error = error, ErrorTarget = target, ClientId = target.Client.ClientId };
}
