using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Ends what was granted: the families of a session or of a person, and with them every token.</summary>
internal sealed class Grants(IdentityDbContext database, BackChannelLogout backChannel) : ITokenGrants
{
    public async Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken)
    {
        // The properties are JSON that we have written: a member and its value in one piece.
        var session = $"%\"{ShopClaims.Session}\":{JsonSerializer.Serialize(sessionId)}%";
        var clients = await database.Database.SqlQuery<string>($"""
            with ended as (update identity.authorizations set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
                where subject = {subject} and properties like {session} and status = {Statuses.Valid} returning id, application_id),
            tokens as (update identity.tokens set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
                where authorization_id in (select id from ended))
            select distinct client_id as "Value" from identity.applications where id in (select application_id from ended)
            """).ToListAsync(cancellationToken);
        backChannel.Tell(subject, sessionId, clients);
    }

    public Task EndSubjectAsync(string subject, CancellationToken cancellationToken) => database.Database.ExecuteSqlAsync($"""
        with ended as (update identity.authorizations set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
            where subject = {subject} and status = {Statuses.Valid})
        update identity.tokens set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
            where subject = {subject} and status <> {Statuses.Revoked}
        """, cancellationToken);
}
