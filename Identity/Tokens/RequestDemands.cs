namespace SecureShop.Identity.Tokens;

/// <summary>What a client demands of the person who answers its request (OpenID Connect Core 3.1.2.1, RFC 9470).</summary>
/// <param name="Prompts">The words of <c>prompt</c>.</param>
/// <param name="MaxAge">How old the sign-in may be, in seconds.</param>
/// <param name="Acr">The weakest <c>acr</c> that is enough; null where any is.</param>
/// <param name="Subject">Whom the client takes them for (<c>id_token_hint</c>).</param>
/// <param name="Consent">Whether the client's people are asked at every request.</param>
internal sealed record RequestDemands(IReadOnlyList<string> Prompts, long? MaxAge, string? Acr, string? Subject, bool Consent)
{
    public const string None = "none";
    public const string Login = "login";
    public const string ConsentPrompt = "consent";
    public const string SelectAccount = "select_account";

    /// <summary>Of the values of <c>acr_values</c> the weakest that is known: any of them would do, and what nobody knows is no demand.</summary>
    public static string? WeakestOf(IEnumerable<string> acrValues) => Sessions.Acr.All.FirstOrDefault(acrValues.ToHashSet(StringComparer.Ordinal).Contains);

    /// <summary>What the person has to do next.</summary>
    /// <param name="session">Who is signed in at this browser.</param>
    /// <param name="mark">What this browser has answered to this request so far.</param>
    /// <param name="now">The time.</param>
    public Interaction Needs(ShopSession? session, RequestMark? mark, DateTimeOffset now)
    {
        if (session is null)
            return Interaction.SignIn;

        // Asked for a fresh sign-in: one that is younger than the asking answers it, and nothing else does.
        var stale = Prompts.Contains(Login, StringComparer.Ordinal) || (MaxAge is { } age && now - session.AuthenticatedAt > TimeSpan.FromSeconds(age));
        if (stale && !(mark?.SignedInSince(session) ?? false))
            return Interaction.SignIn;
        if (Subject is not null && Subject != session.Subject && !(mark?.SignedInSince(session) ?? false))
            return Interaction.SignIn;
        if (Acr is not null && !Sessions.Acr.Reaches(session.Acr, Acr))
            return Interaction.SecondFactor;
        if (Prompts.Contains(SelectAccount, StringComparer.Ordinal) && mark?.ChosenBy != session.Id && !(mark?.SignedInSince(session) ?? false))
            return Interaction.ChooseAccount;
        return (Consent || Prompts.Contains(ConsentPrompt, StringComparer.Ordinal)) && mark?.AllowedBy != session.Id ? Interaction.Consent : Interaction.None;
    }

    /// <summary>
    /// The error for a client that wants no page shown though one is needed (OpenID Connect Core 3.1.2.6), or whose user refuses or
    /// is another than it takes them for; null where the person may be asked.
    /// </summary>
    public string? ErrorFor(Interaction needs, ShopSession? session, RequestMark? mark)
    {
        if (mark?.Refused == true)
            return "access_denied";
        if (Prompts.Contains(None, StringComparer.Ordinal))
        {
            return needs switch
            {
                Interaction.None => Mismatch(session),
                Interaction.SignIn => "login_required",
                Interaction.ChooseAccount => "account_selection_required",
                Interaction.SecondFactor => "unmet_authentication_requirements",
                _ => "consent_required",
            };
        }

        return needs == Interaction.SignIn ? null : Mismatch(session);
    }

    // Somebody else would get what is meant for the client's user.
    private string? Mismatch(ShopSession? session) => Subject is not null && session is not null && Subject != session.Subject ? "login_required" : null;
}
