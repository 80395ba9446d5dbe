using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>An object that belongs to one subject.</summary>
public interface IOwned
{
    /// <summary>The subject id of the owner.</summary>
    string OwnerId { get; }
}

/// <summary>Whose an object is.</summary>
public enum Owner
{
    /// <summary>The customer of the order.</summary>
    Customer,

    /// <summary>The seller of the product.</summary>
    Seller,

    /// <summary>The seller of those lines of the order that are acted on.</summary>
    LineSeller,
}

/// <summary>
/// Whose object it must be, and who may act on what is not theirs. Asked of an <see cref="IOwned"/>, or of several, after the query has asked
/// it as well: <c>await authorization.AuthorizeAsync(user, order, AccessTable.GetOrder.Ownership)</c>. An endpoint whose rule has it does
/// not succeed without (<see cref="OwnershipGate"/>).
/// </summary>
public sealed record Ownership : IAuthorizationRequirement
{
    private Ownership(Owner owner) => Owner = owner;

    /// <summary>Whose it is.</summary>
    public Owner Owner { get; }

    /// <summary>The roles that may act on what others own.</summary>
    public ImmutableArray<string> Others { get; private init; } = [];

    /// <summary>The scope without which <see cref="Others"/> may not: a token that was granted for the caller's own does not open what others own.</summary>
    public string? OthersScope { get; private init; }

    /// <summary>Whether everybody whom the rule lets in sees what is public of it; the rest is the owner's.</summary>
    public bool PublicPart { get; private init; }

    /// <summary>The owner and nobody else.</summary>
    public static Ownership Of(Owner owner) => new(owner);

    /// <summary>One of <paramref name="roles"/> as well.</summary>
    public Ownership OrRoles(params string[] roles) => this with { Others = [.. roles] };

    /// <summary>One of <paramref name="roles"/> as well, where the token was granted <paramref name="scope"/> too.</summary>
    public Ownership OrRolesWithScope(string scope, params string[] roles) => this with { Others = [.. roles], OthersScope = scope };

    /// <summary>It has a public part, which needs no owner.</summary>
    public Ownership OfPrivatePart() => this with { PublicPart = true };

    /// <summary>Whether <paramref name="user"/> may act on what others own.</summary>
    public bool OpensOthersTo(ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.SubjectOrNull() is not null && Others.Any(user.HasRole) && (OthersScope is null || user.HasScope(OthersScope));
    }

    /// <summary>Whether <paramref name="user"/> may act on <paramref name="thing"/>.</summary>
    public bool Opens(IOwned thing, ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(thing);

        // A token of a service or a guest has no subject and owns nothing; an object without owner belongs to nobody.
        var subject = user.SubjectOrNull();
        return (subject is not null && string.Equals(subject, thing.OwnerId, StringComparison.Ordinal)) || OpensOthersTo(user);
    }

    /// <summary>The same in words.</summary>
    public string InWords()
    {
        var owner = Owner switch
        {
            Owner.Customer => "the order's customer",
            Owner.Seller => "the product's seller",
            _ => "the seller of the lines",
        };
        var others = Others.IsEmpty ? "" : $"; {string.Join(" and ", Others)} for anybody{(OthersScope is null ? "" : $", with the scope {OthersScope}")}";
        return $"{(PublicPart ? "what is not public: " : "")}{owner}{others}";
    }
}
