namespace SecureShop.Identity.Tokens;

/// <summary>What the person at the browser has to do before a client's request can be answered.</summary>
internal enum Interaction
{
    /// <summary>Nothing: go on to <see cref="AuthorizationRequest.ReturnUrl"/>.</summary>
    None,

    /// <summary>Sign in, also when somebody is signed in: the request asks for a fresh sign-in.</summary>
    SignIn,

    /// <summary>Say as whom to go on (<c>prompt=select_account</c>).</summary>
    ChooseAccount,

    /// <summary>Show a second factor (RFC 9470).</summary>
    SecondFactor,

    /// <summary>Say whether the client may have what it asks for.</summary>
    Consent,
}

/// <summary>
/// What a client demands of the person who answers its request (OpenID Connect Core 3.1.2.1, RFC 9470): how old the sign-in may be in
/// seconds, the weakest <c>acr</c> that is enough, whom it takes them for (<c>id_token_hint</c>), and whether its people are asked each time.
/// </summary>
internal sealed record RequestDemands(IReadOnlyList<string> Prompts, long? MaxAge, string? Acr, string? Subject, bool Consent)
{
    public const string None = "none";
    public const string Login = "login";
    public const string ConsentPrompt = "consent";
    public const string SelectAccount = "select_account";

    /// <summary>Of the values of <c>acr_values</c> the weakest that is known: any of them would do, and what nobody knows is no demand.</summary>
    public static string? WeakestOf(IEnumerable<string> acrValues) => ServiceDefaults.Access.Acr.All.FirstOrDefault(acrValues.ToHashSet(StringComparer.Ordinal).Contains);

    /// <summary>What the person has to do next, by who is signed in at this browser and what it has answered to this request so far.</summary>
    public Interaction Needs(ShopSession? session, RequestMark? mark, DateTimeOffset now)
    {
        if (session is null)
            return Interaction.SignIn;

        // Asked for a fresh sign-in, or for somebody else: a sign-in that is younger than the asking answers it, and nothing else does.
        var fresh = mark?.SignedInSince(session) == true;
        var stale = Asks(Login) || (MaxAge is { } age && now - session.AuthenticatedAt > TimeSpan.FromSeconds(age)) || (Subject is not null && Subject != session.Subject);
        if (stale && !fresh)
            return Interaction.SignIn;
        if (Acr is not null && !ServiceDefaults.Access.Acr.Reaches(session.Acr, Acr))
            return Interaction.SecondFactor;
        if (Asks(SelectAccount) && !fresh && mark?.ChosenBy != session.Id)
            return Interaction.ChooseAccount;
        return (Consent || Asks(ConsentPrompt)) && mark?.AllowedBy != session.Id ? Interaction.Consent : Interaction.None;
    }

    /// <summary>
    /// The error for a client that wants no page shown though one is needed (OpenID Connect Core 3.1.2.6), or whose user refuses or
    /// is another than it takes them for; null where the person may be asked.
    /// </summary>
    public string? ErrorFor(Interaction needs, ShopSession? session, RequestMark? mark)
    {
        if (mark?.Refused == true)
            return "access_denied";
        if (!Asks(None))
            return needs == Interaction.SignIn ? null : Mismatch(session);
        return needs switch
        {
            Interaction.None => Mismatch(session),
            Interaction.SignIn => "login_required",
            Interaction.ChooseAccount => "account_selection_required",
            Interaction.SecondFactor => "unmet_authentication_requirements",
            _ => "consent_required",
        };
    }

    private bool Asks(string prompt) => Prompts.Contains(prompt, StringComparer.Ordinal);

    // Somebody else would get what is meant for the client's user.
    private string? Mismatch(ShopSession? session) => Subject is not null && session is not null && Subject != session.Subject ? "login_required" : null;
}
