namespace SecureShop.Identity.Tokens;

/// <summary>What tokens and the userinfo endpoint say about somebody.</summary>
/// <param name="Id">The subject.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Email">Their e-mail address.</param>
/// <param name="EmailVerified">Whether they have shown that it is theirs.</param>
/// <param name="Roles">What they may act as.</param>
internal sealed record TokenSubject(string Id, string Name, string Email, bool EmailVerified, IReadOnlyList<string> Roles);

/// <summary>
/// Reads who a token is about, from the database each time that one is made: a role that was taken away is gone with the next
/// refresh, and a disabled or removed account gets no token at all.
/// </summary>
internal sealed class TokenSubjects(UserManager<ShopUser> users)
{
    /// <summary>Roles that are not acted in on a password alone: what they do can hurt others.</summary>
    public static IReadOnlyList<string> NeedSecondFactor { get; } = [Role.Support, Role.Admin];

    /// <summary>The subject, or null where no token may be made for it.</summary>
    /// <param name="subject">Whose token.</param>
    /// <param name="acr">How they have proved who they are (<see cref="Acr"/>); roles that need a second factor are left out without one.</param>
    public async Task<TokenSubject?> FindAsync(string subject, string acr)
    {
        // An account that is locked by failed attempts stays active: else five wrong passwords, by anybody, would end its owner's session.
        if (!Guid.TryParse(subject, out _) || await users.FindByIdAsync(subject) is not { IsDisabled: false } user)
            return null;
        var roles = await users.GetRolesAsync(user);
        var held = Acr.Reaches(acr, Acr.MultiFactor) ? roles : roles.Except(NeedSecondFactor, StringComparer.Ordinal);
        return new(user.Id.ToString(), user.DisplayName, user.Email!, user.EmailConfirmed, [.. held.Order(StringComparer.Ordinal)]);
    }
}
