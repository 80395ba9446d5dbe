namespace SecureShop.Identity.Accounts;

/// <summary>How soon a guesser who knows words, names, keyboards and dates gets to a password, as zxcvbn estimates it.</summary>
internal static class PasswordStrength
{
    /// <summary>What zxcvbn scores less is guessed within some 10^10 tries.</summary>
    public const int Enough = 3;

    /// <summary>The estimate takes more than linear time: of what is longer, the beginning and the end are judged, and the stronger counts.</summary>
    private const int Judged = 48;

    // Known for being an example; words that are unrelated no more.
    private static readonly string[] Phrases = ["correcthorsebatterystaple", "correct horse battery staple", "secureshop", "secure shop"];

    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <summary>0 to 4; <paramref name="ownWords"/> are what a guesser would try because of whose it is.</summary>
    public static int Score(string password, IEnumerable<string> ownWords)
    {
        string[] words = [.. ownWords.Select(word => word.ToLowerInvariant()), .. Phrases];
        return password.Length <= Judged
            ? Weakest(password, words)
            : Math.Max(Weakest(password[..Judged], words), Weakest(password[^Judged..], words));
    }

    // As it is, and in readings that the estimator does not know of.
    private static int Weakest(string part, string[] words)
        => ((string[])[part, PasswordReadings.Backwards(part), PasswordReadings.Once(part), PasswordReadings.Once(PasswordReadings.Latin(part))])
            .Distinct(StringComparer.Ordinal).Min(reading => Estimator.Value.EvaluatePassword(reading, words).Score);
}
