namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What went wrong with an authorize request, for the error page.</summary>
/// <param name="Error">The code.</param>
/// <param name="ErrorDescription">What it means.</param>
public sealed record ErrorMessage(string Error, string? ErrorDescription);
