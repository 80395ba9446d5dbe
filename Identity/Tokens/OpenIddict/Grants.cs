namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Ends what was granted: the families of a session or of a person, and with them every token.</summary>
internal sealed class Grants(IdentityDbContext database, BackChannelLogout backChannel) : ITokenGrants
{
    public async Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken)
    {
        var clients = await database.Database.SqlQuery<string>($"""
            with ended as (update identity.authorizations set status = {Statuses.Revoked}
                where subject = {subject} and properties = {Families.PropertyOf(sessionId)} and status = {Statuses.Valid} returning application_id)
            select distinct client_id as "Value" from identity.applications where id in (select application_id from ended)
            """).ToListAsync(cancellationToken);
        backChannel.Tell(subject, sessionId, clients);
    }

    public Task EndSubjectAsync(string subject, CancellationToken cancellationToken) => database.Set<Family>().Where(row => row.Subject == subject)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), cancellationToken);
}

/// <summary>Removes tokens and families that are of no use any more.</summary>
internal sealed class ExpiredGrants : ITidying
{
    public async Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Younger ones are kept: that a code was used before is known by its row, and a day after its family began a device may still fetch its tokens.
        var threshold = now - TokenLifetimes.RefreshLongest - TimeSpan.FromDays(1);
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(threshold, cancellationToken);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(threshold, cancellationToken);
    }
}
