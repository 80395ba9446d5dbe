using Microsoft.AspNetCore.Identity;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Refuses passwords that a guesser tries first. It is a small rule, not a breach corpus: what is common, typed along the
/// keyboard, repeated or taken from the address is left out, and what then remains must still be long enough. It judges what is
/// hashed: the normalised password, in code points (NIST SP 800-63B).
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<ShopUser>
{
    public const int MinLength = 12;

    /// <summary>Hashing costs in proportion to nothing longer than this, whatever is sent.</summary>
    public const int MaxLength = 128;

    private const int MinUnguessable = 6;
    private const int MinDistinct = 5;

    public Task<IdentityResult> ValidateAsync(UserManager<ShopUser> manager, ShopUser user, string? password)
        => Task.FromResult(Judge(password ?? "", user.Email, user.DisplayName) is { } fault
            ? IdentityResult.Failed(new IdentityError { Code = "WeakPassword", Description = fault })
            : IdentityResult.Success);

    /// <summary>What is wrong with the password, in words for its owner, or null.</summary>
    public static string? Judge(string password, string? email, string? displayName)
    {
        password = NormalizedText.Compatible(password);
        var length = NormalizedText.Length(password);
        if (length < MinLength)
            return $"Use at least {MinLength} characters.";
        if (length > MaxLength)
            return $"Use at most {MaxLength} characters.";
        if (password.All(char.IsDigit))
            return "Digits alone are guessed quickly. Add some words.";

        var rest = CommonPasswords.Strip(password, OwnWords(email, displayName));
        return rest.Length < MinUnguessable || rest.Distinct().Count() < MinDistinct
            ? "This password is among the first that are guessed: it is made of common words, sequences or your own name. Try a few unrelated words."
            : null;
    }

    private static IEnumerable<string> OwnWords(string? email, string? displayName)
        => NormalizedText.Compatible($"{email?.Split('@')[0]} {displayName}")
            .Split([' ', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length >= 3);
}
