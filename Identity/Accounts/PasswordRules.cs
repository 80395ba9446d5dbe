using System.ComponentModel.DataAnnotations;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Refuses passwords that a guesser tries first, and otherwise asks for length alone (NIST SP 800-63B). It judges what is hashed: the
/// normalised password, counted as people count. Who says "12 characters" means what they see.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<ShopUser>
{
    public const int MinLength = 12;
    public const int MaxLength = 128;

    /// <summary>A character that people see can be any number of code points. Nothing longer is judged or hashed, whatever is sent.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The rule, in words that are shown before anybody chooses.</summary>
    public const string Hint = "At least 12 characters, of any kind. A few unrelated words are best; well-known passwords, your name and your address are refused.";

    public Task<IdentityResult> ValidateAsync(UserManager<ShopUser> manager, ShopUser user, string? password)
        => Task.FromResult(Judge(password ?? "", user.Email, user.DisplayName) is { } fault
            ? IdentityResult.Failed(new IdentityError { Code = "WeakPassword", Description = fault })
            : IdentityResult.Success);

    /// <summary>What is wrong with the password, in words for its owner, or null.</summary>
    public static string? Judge(string password, string? email, string? displayName)
    {
        if (!Fits(password))
            return $"Use at most {MaxLength} characters.";
        password = NormalizedText.Compatible(password);
        if (Length(password) < MinLength)
            return $"Use at least {MinLength} characters.";
        if (password.All(char.IsDigit))
            return "Digits alone are guessed quickly. Add some words.";
        if (BreachedPasswords.Contains(password))
            return "This password, or one much like it, is on the lists of stolen passwords that are tried first. Try a few unrelated words.";
        return PasswordStrength.Score(password, OwnWords(email, displayName)) < PasswordStrength.Enough
            ? "This password is among the first that are guessed: it is made of common words, sequences, dates or your own name. Try a few unrelated words."
            : null;
    }

    /// <summary>
    /// Whether it could be anybody's password at all. What is short as it was typed is short too: passwords from before anything was
    /// normalised were measured so.
    /// </summary>
    public static bool Fits(string password)
    {
        if (password.Length <= MaxLength)
            return true;
        if (Encoding.UTF8.GetByteCount(password) > MaxBytes)
            return false;
        var normalized = NormalizedText.Compatible(password);
        return Encoding.UTF8.GetByteCount(normalized) <= MaxBytes && Length(normalized) <= MaxLength;
    }

    private static int Length(string text) => new StringInfo(text).LengthInTextElements;

    private static IEnumerable<string> OwnWords(string? email, string? displayName)
    {
        var address = NormalizedText.Compatible(email ?? "");
        var name = NormalizedText.Compatible(displayName ?? "");
        string[] words = [address, address.Split('@')[0], name, .. $"{address} {name}".Split([' ', '.', '-', '_', '+', '@'])];
        return words.Where(word => word.Length >= 3).Distinct(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>The text can be a password: it is no longer than one may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PossiblePasswordAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || PasswordRules.Fits(text);
}
