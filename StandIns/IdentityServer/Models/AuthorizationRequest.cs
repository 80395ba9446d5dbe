namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What a client asked for, as the login page sees it.</summary>
/// <param name="Client">The client.</param>
/// <param name="RedirectUri">Where the answer goes.</param>
/// <param name="LoginHint">The user name to start with.</param>
public sealed record AuthorizationRequest(Client Client, string RedirectUri, string? LoginHint);
