namespace SecureShop.Identity.Accounts;

/// <summary>
/// How what somebody tries with an account ended. A refusal that says nothing more is the same whatever is wrong: a password, a link, or
/// that there is no such account. What is wrong with a new password is in words for its owner.
/// </summary>
internal sealed record AccountOutcome(ShopUser? User = null, string? PasswordFault = null, TimeSpan? RetryAfter = null)
{
    public static AccountOutcome Refused { get; } = new();
}
