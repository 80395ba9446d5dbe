namespace SecureShop.Build.Tests.Practices;

/// <summary>A practice of API security that the running system follows. Tests that prove it bear its id: <c>[Trait("Practice", "P07")]</c>.</summary>
/// <param name="Id">By which tests name it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Done">What the system does.</param>
internal sealed record Practice(string Id, string Title, string Done)
{
    /// <summary>What of it is not there yet, whatever the tests prove; null where all of it is.</summary>
    public string? Missing { get; init; }

    /// <summary>All of them. docs/practices.md is made of this and of the tests.</summary>
    public static IReadOnlyList<Practice> All { get; } =
    [
        new("P01", "OAuth 2.0 and OpenID Connect", "One identity server issues every token: codes with PKCE, client credentials, refresh, devices, pushed requests. There is no password grant and no implicit one."),
        new("P02", "Tokens that are checked whole", "Signature, algorithm, issuer, audience, type and time, at the gateway and once more at each service."),
        new("P03", "Tokens that live shortly", "Access tokens five minutes; refresh tokens change at each use, and one that comes twice ends its session."),
        new("P04", "Stolen tokens are useless", "A token may be bound to a key of its client (DPoP), which proves itself anew with each request."),
        new("P05", "API keys", "Random, shown once, kept as a hash, with fewer rights than their owner and an end; the edge swaps one for a token."),
        new("P06", "Passwords", "Hashed at a cost that grows with the years, old hashes at the next sign-in; short and known ones are refused."),
        new("P07", "Second factors", "Authenticator apps and recovery codes; what is risky asks for a fresh one."),
        new("P08", "Passkeys", "Sign-in and second factor by WebAuthn."),
        new("P09", "Guessing is slow and tells nothing", "Attempts are counted by account, device and address; an account that is not there answers like one that is."),
        new("P10", "Roles", "Guest, customer, seller, support, administrator: each endpoint says which."),
        new("P11", "Attributes", "Decisions go by who owns the object, its state, its amount, and how recently somebody proved who they are."),
        new("P12", "Scopes", "Each endpoint names one; a token without it is refused whatever its holder's role."),
        new("P13", "Least privilege on data", "A database role for each service, with rights to its own tables alone and none to change a table."),
        new("P14", "Ownership in the database", "Postgres repeats by row-level security what the code asks for."),
        new("P15", "No endpoint without a rule", "Who may call what stands in one place; an endpoint that it does not name stops the start."),
        new("P16", "Other people's objects", "Ids cannot be guessed, and a known one does not help: not yours is answered as not there."),
        new("P17", "Answers hold what they must", "A type for each audience, and nothing beside it."),
        new("P18", "Requests hold what they may", "A type for each request; members that it does not have are refused."),
        new("P19", "Methods mean what they say", "GET changes nothing, PUT and DELETE may come twice, and others are refused with what is allowed."),
        new("P20", "TLS everywhere", "TLS 1.2 and 1.3 with modern suites alone: from outside, between services, to Postgres and Redis; certificates change while it runs."),
        new("P21", "Sealed at rest", "Personal fields are encrypted by a key for each customer, which a master key wraps."),
        new("P22", "No injection", "SQL has parameters, no shell is called, no code is made of data."),
        new("P23", "Input is checked", "Form, range and length of each field, and bounds on bodies, headers, addresses, depth and pages."),
        new("P24", "No foreign scripts", "Output is encoded, and a policy with nonces lets no other script run."),
        new("P25", "No forged requests", "Changes by cookie need a token of the session and come from our own pages."),
        new("P26", "Cross-origin calls", "From origins on an exact list."),
        new("P27", "Limits of callers", "By address, person, client and key, over several windows, counted for all replicas together."),
        new("P28", "Limits that cannot be dodged", "The caller's address comes from named proxies alone, and a limit follows the caller whatever the request looks like."),
        new("P29", "Overload", "What runs and waits has a bound; more is refused at once, and health can always be asked."),
        new("P30", "Lists of addresses", "Networks are let in or kept out, while it runs."),
        new("P31", "A firewall for requests", "Known shapes of attacks are scored, and refused or told, by route."),
        new("P32", "Errors say little", "A problem with a trace id, and never a stack, a statement, a path or a version."),
        new("P33", "Watching, and a trail that shows tampering", "Traces, metrics, logs and security events; those that matter are chained, signed rows."),
        new("P34", "What is unusual is noticed", "How callers usually behave is learned, and what departs from it is told and slowed.") { Missing = "Figures of each caller are kept and told; nothing learns from them yet." },
        new("P35", "Environments are apart", "Keys, issuers, audiences and databases of their own, and the same controls in each."),
        new("P36", "One's own data", "A person takes it along or has it erased, in all services."),
        new("P37", "Attacks as tests", "Attacks run with each build, and against any deployment by a command.") { Missing = "There is no such command yet, and no weakened build to try the attacks on." },
        new("P38", "Failing closed", "With a part away or a clock wrong there is a known, safe answer."),
        new("P39", "Calls that go out", "To named services alone, over TLS, with bounds on time and size; what they answer is checked."),
        new("P40", "Secrets", "None is in the repository, a log or an error; each is given, and can be changed."),
        new("P41", "What one customer may hold", "Pieces, open orders and registrations have bounds, and reservations end."),
        new("P42", "What it is built of", "Packages are locked, listed and compared with known vulnerabilities."),
        new("P43", "Sessions that end", "They are listed, end one by one or all at once, and take along what they granted; nobody can end another's by guessing."),
    ];
}
