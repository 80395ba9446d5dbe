using System.Collections.Immutable;
using Microsoft.AspNetCore.Authorization;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// What one endpoint asks of its caller. The rule is metadata of the endpoint and the requirement that is enforced, so
/// that documents, tests and enforcement cannot drift apart. Immutable: each step makes a new rule.
/// </summary>
/// <example><code>route.RequireAccess(AccessTable.ReplaceProduct)</code></example>
public sealed record AccessRule : IAuthorizationRequirement
{
    private AccessRule(AccessKind kind) => Kind = kind;

    /// <summary>No token is asked for, and the gateway does not route to it: health and documents.</summary>
    public static AccessRule Internal { get; } = new(AccessKind.Internal);

    /// <summary>How the caller is recognised.</summary>
    public AccessKind Kind { get; }

    /// <summary>The scope the token must hold, where <see cref="Kind"/> is <see cref="AccessKind.Token"/>.</summary>
    public string? Scope { get; private init; }

    /// <summary>The roles of which the caller must hold one; empty where the role does not matter.</summary>
    public ImmutableArray<string> Roles { get; private init; } = [];

    /// <summary>Whether a caller who presents no credential at all is served too.</summary>
    public bool Guests { get; private init; }

    /// <summary>Whose object it must be, where that matters; only the handler can know.</summary>
    public Ownership? Ownership { get; private init; }

    /// <summary>How strongly and how lately the caller must have shown who they are, where a good token is not enough.</summary>
    public StepUp? StepUp { get; private init; }

    /// <summary>Why an endpoint is open to anyone, in words.</summary>
    public string? Reason { get; private init; }

    /// <summary>The header in which callers prove who they are, where that is neither a token nor an API key.</summary>
    public string? ProofHeader { get; private init; }

    /// <summary>A valid access token with this scope is needed.</summary>
    public static AccessRule ForScope(string scope)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        return new(AccessKind.Token) { Scope = scope };
    }

    /// <summary>Anyone may call: the endpoint proves its callers itself (token endpoint) or has nothing to protect (keys).</summary>
    /// <param name="reason">Why that is safe; it is part of the access table.</param>
    public static AccessRule Anyone(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(AccessKind.Anyone) { Reason = reason };
    }

    /// <summary>States in which header callers prove who they are, where the endpoint looks at that itself; documents say so.</summary>
    public AccessRule ProvenBy(string header)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(header);
        return this with { ProofHeader = header };
    }

    /// <summary>A signed-in session (cookie) is needed; others are challenged by the default scheme.</summary>
    public static AccessRule ForSession() => new(AccessKind.Session);

    /// <summary>Serves guests as well. A presented but bad token is still refused.</summary>
    public AccessRule OrGuests() => this with { Guests = true };

    /// <summary>The caller must also hold one of <paramref name="roles"/>.</summary>
    public AccessRule WithRoles(params string[] roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        if (roles.Length == 0)
            throw new ArgumentException("Name at least one role.", nameof(roles));
        return this with { Roles = [.. roles] };
    }

    /// <summary>The object must also be the caller's.</summary>
    public AccessRule WithOwnership(Ownership ownership)
    {
        ArgumentNullException.ThrowIfNull(ownership);
        return this with { Ownership = ownership };
    }

    /// <summary>The caller must also have shown who they are as strongly as <paramref name="acr"/> says, and within <paramref name="maxAge"/>.</summary>
    public AccessRule WithStepUp(string acr, TimeSpan maxAge)
    {
        if (!Acr.All.Contains(acr, StringComparer.Ordinal))
            throw new ArgumentException("Name one of the values of Acr.", nameof(acr));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, TimeSpan.FromSeconds(1));
        return this with { StepUp = new(acr, maxAge) };
    }

    /// <summary>What can be judged without the object: the gateway's half.</summary>
    public AccessRule WithoutOwnership() => this with { Ownership = null };
}

/// <summary>How an <see cref="AccessRule"/> recognises its caller.</summary>
public enum AccessKind
{
    /// <summary>By an access token.</summary>
    Token,

    /// <summary>By a signed-in session.</summary>
    Session,

    /// <summary>Not at all: open to the public.</summary>
    Anyone,

    /// <summary>Not at all: reachable from inside only.</summary>
    Internal,
}
