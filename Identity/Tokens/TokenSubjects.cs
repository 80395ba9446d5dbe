namespace SecureShop.Identity.Tokens;

/// <summary>What tokens and the userinfo endpoint say about somebody; of their roles those that they may act in.</summary>
internal sealed record TokenSubject(string Id, string Name, string Email, bool EmailVerified, IReadOnlyList<string> Roles);

/// <summary>
/// Reads who a token is about, from the database each time that one is made: a role that was taken away is gone with the next
/// refresh, and a disabled or removed account gets no token at all.
/// </summary>
internal sealed class TokenSubjects(IdentityDbContext database)
{
    /// <summary>Roles that are not acted in on a password alone: what they do can hurt others.</summary>
    public static IReadOnlyList<string> NeedSecondFactor { get; } = [Role.Support, Role.Admin];

    // Compiled once: to find out what such an expression asks for takes longer than the answer.
    private static readonly Func<IdentityDbContext, Guid, Task<Row?>> Read = EF.CompileAsyncQuery((IdentityDbContext database, Guid id) => database.Users.AsNoTracking()
        .Where(user => user.Id == id)
        .Select(user => new Row(
            user,
            database.UserRoles.Where(held => held.UserId == id).Join(database.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!).ToList()))
        .SingleOrDefault());

    /// <summary>The subject, or null where no token may be made for it; without its roles that need a second factor, where <paramref name="acr"/> is of one alone.</summary>
    public async Task<TokenSubject?> FindAsync(string subject, string acr)
    {
        if (!Guid.TryParse(subject, out var id))
            return null;
        var row = await Read(database, id);

        // An account that is locked by failed attempts stays active: else five wrong passwords, by anybody, would end its owner's session.
        if (row is not { User: { IsDisabled: false } user })
            return null;
        var held = Acr.Reaches(acr, Acr.MultiFactor) ? row.Roles : row.Roles.Except(NeedSecondFactor, StringComparer.Ordinal);
        return new(id.ToString(), user.DisplayName, user.Email!, user.EmailConfirmed, [.. held.Order(StringComparer.Ordinal)]);
    }

    private sealed record Row(ShopUser User, List<string> Roles);
}
