namespace SecureShop.Identity.Tokens;

/// <summary>What the person at the browser has to do before a client's request can be answered.</summary>
internal enum Interaction
{
    /// <summary>Nothing: go on to <see cref="AuthorizationRequest.ReturnUrl"/>.</summary>
    None,

    /// <summary>Sign in, also when somebody is signed in: the request asks for a fresh sign-in.</summary>
    SignIn,

    /// <summary>Say as whom to go on (<c>prompt=select_account</c>).</summary>
    ChooseAccount,

    /// <summary>Show a second factor (RFC 9470).</summary>
    SecondFactor,

    /// <summary>Say whether the client may have what it asks for.</summary>
    Consent,
}

/// <summary>A client's request that waits for a person, as the token server has accepted it.</summary>
/// <param name="Client">Who asks.</param>
/// <param name="Scopes">What for, by name.</param>
/// <param name="RedirectUri">Where the answer goes, matched to the client.</param>
/// <param name="Needs">What the person has to do next.</param>
/// <param name="LoginHint">The address that the client thinks they have; any text.</param>
/// <param name="ReturnUrl">Where to go on once that is done: back to the token server.</param>
internal sealed record AuthorizationRequest(
    ShopClient Client, IReadOnlyList<string> Scopes, string RedirectUri, Interaction Needs, string? LoginHint, string ReturnUrl);

/// <summary>The requests of clients that wait for a person. Each engine has one.</summary>
internal interface IAuthorizationRequests
{
    /// <summary>The request behind an address of the token server, or null where there is none that it would answer.</summary>
    Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl);
}
