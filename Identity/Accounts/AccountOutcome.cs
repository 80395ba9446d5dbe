namespace SecureShop.Identity.Accounts;

/// <summary>
/// How what somebody tries with an account ended. A refusal that says nothing more is the same whatever is wrong: a password, a link, or
/// that there is no such account.
/// </summary>
/// <param name="User">Whose account it is, where it was done.</param>
/// <param name="PasswordFault">What is wrong with a new password, in words for its owner.</param>
/// <param name="RetryAfter">How long to wait, where there were too many tries.</param>
internal sealed record AccountOutcome(ShopUser? User = null, string? PasswordFault = null, TimeSpan? RetryAfter = null)
{
    public static AccountOutcome Refused { get; } = new();
}
