namespace SecureShop.Identity.Tokens;

/// <summary>Words of the standards that both engines answer with.</summary>
internal static class TokenErrors
{
    // Nothing was tried: it was asked without a page and a page is needed, or too soon, or without the nonce that it is given now.
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "login_required", "consent_required", "interaction_required", "account_selection_required", "unmet_authentication_requirements", "access_denied",
        "authorization_pending", "slow_down", "use_dpop_nonce",
    };

    /// <summary>Whether <paramref name="error"/> refuses something that was tried, and so leaves an event.</summary>
    public static bool IsRefusal(string? error) => error is null || !Open.Contains(error);
}
