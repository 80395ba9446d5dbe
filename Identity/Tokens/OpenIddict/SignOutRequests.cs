namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What a client that wants its user signed out has asked for, between the endpoint and the page.</summary>
internal sealed record SealedSignOut(string? Client, string? RedirectUri);

/// <summary>Reads what the sign-out page was opened with: sealed by the endpoint, so that no link can send people elsewhere.</summary>
internal sealed class SignOutRequests(IDataProtectionProvider protection, KnownClients clients) : ISignOutRequests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("sign-out/v1").ToTimeLimitedDataProtector();

    public string Seal(SealedSignOut request) => seal.Protect(JsonSerializer.Serialize(request), Lifetime);

    public Task<SignOutRequest?> FindAsync(string? id) => Task.FromResult(Find(id));

    private SignOutRequest? Find(string? id)
    {
        try
        {
            return string.IsNullOrEmpty(id) || JsonSerializer.Deserialize<SealedSignOut>(seal.Unprotect(id)) is not { } request
                ? null
                : new(clients.Find(request.Client), request.RedirectUri);
        }
        catch (CryptographicException)
        {
            // Expired, or made by somebody else: people sign out all the same, and go nowhere.
            return null;
        }
    }
}
