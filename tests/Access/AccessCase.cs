using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Testing;

/// <summary>What becomes of a call.</summary>
internal enum Verdict
{
    /// <summary>It is served.</summary>
    Served,

    /// <summary>Served with what is public of the object.</summary>
    ServedInPart,

    /// <summary>401: nobody is known.</summary>
    Unauthorized,

    /// <summary>401: the caller is to sign in once more (RFC 9470).</summary>
    SignInAgain,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>404, as if there were no such object.</summary>
    NotFound,
}

/// <summary>
/// One caller of an endpoint: a guest, somebody with a token and one role or none, or a service, which is nobody; the scopes of the token; whether
/// the object is theirs; and how they signed in. All there are, of each row of the access table, and what the row promises each.
/// </summary>
internal sealed record AccessCase(string Who, string Scopes, bool Own, string SignedIn)
{
    private const string Guest = "guest", Service = "service", NoRole = "no role";
    private const string Unsaid = "unsaid", Weakly = "weakly", LongAgo = "long ago", Well = "well";

    /// <summary>All kinds of callers.</summary>
    public static IReadOnlyList<string> Callers { get; } = [Guest, Service, NoRole, .. Role.All];

    /// <summary>All cases of one kind of caller at <paramref name="row"/>.</summary>
    public static IEnumerable<AccessCase> Of(AccessRow row, string who)
    {
        var scope = row.Rule.Scope!;
        string[] scopes = who == Guest
            ? [""]
            : [scope, string.Join(' ', Scope.All), string.Join(' ', Scope.All.Where(other => other != scope)), $"{scope}s", scope.Split('.')[0], scope.ToUpperInvariant(), ""];
        bool[] own = row.Rule.Ownership is null || who is Guest or Service ? [false] : [true, false];
        string[] signedIn = row.Rule.StepUp is null || who == Guest ? [Unsaid] : [Unsaid, Weakly, LongAgo, Well];
        return from set in scopes from theirs in own from how in signedIn select new AccessCase(who, set, theirs, how);
    }

    /// <summary>What <paramref name="row"/> promises of this case.</summary>
    public Verdict At(AccessRow row)
    {
        var (rule, held) = (row.Rule, Scopes.Split(' '));
        if (Who == Guest)
            return !rule.Guests ? Verdict.Unauthorized : rule.Ownership is null ? Verdict.Served : Verdict.ServedInPart;
        if (!held.Contains(rule.Scope))
            return Verdict.Forbidden;
        if (!rule.Roles.IsEmpty && !rule.Roles.Contains(Who))
            return Verdict.Forbidden;
        if (rule.StepUp is not null && SignedIn != Well)
            return Verdict.SignInAgain;
        if (rule.Ownership is not { } ownership)
            return Verdict.Served;
        if (Who == Service && !ownership.PublicPart)
            return Verdict.Forbidden;
        if (Own || (ownership.Others.Contains(Who) && (ownership.OthersScope is null || held.Contains(ownership.OthersScope))))
            return Verdict.Served;
        return ownership.PublicPart ? Verdict.ServedInPart : Verdict.NotFound;
    }

    /// <summary>The token of this caller, who is <paramref name="subject"/>; null for a guest.</summary>
    public string? Token(AccessRow row, string subject, DateTimeOffset now) => Who == Guest ? null : TestTokens.Create(
        row.Service,
        Who == Service ? null : subject,
        [Scopes],
        Who is Service or NoRole ? null : [Who],
        token =>
        {
            token.Claims["exp"] = now.AddHours(1).ToUnixTimeSeconds();
            if (SignedIn == Unsaid)
                return;
            var longest = row.Rule.StepUp!.MaxAge;
            token.Claims["acr"] = SignedIn == Weakly ? Acr.SingleFactor : row.Rule.StepUp.Acr;
            token.Claims["auth_time"] = (now - (SignedIn == LongAgo ? longest + TimeSpan.FromMinutes(1) : TimeSpan.Zero)).ToUnixTimeSeconds();
        });
}
