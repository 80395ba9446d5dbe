using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>Ends, with the user's session, the refresh tokens of those clients that live no longer than it.</summary>
internal sealed class SessionEnd(UserSession session, IClientStore clients, IPersistedGrantStore grants, IdentityServerOptions options)
{
    public async Task EndAsync()
    {
        if (await session.GetUserAsync() is not { } user || await session.GetSessionIdAsync() is not { } sid)
            return;

        var ending = new List<string>();
        foreach (var id in await session.GetClientListAsync())
        {
            if (await clients.FindEnabledClientByIdAsync(id) is { } client && EndsWithSession(client))
                ending.Add(id);
        }

        if (ending.Count == 0)
            return;
        await grants.RemoveAllAsync(new PersistedGrantFilter
        {
            SubjectId = user.GetSubjectId(),
            SessionId = sid,
            ClientIds = ending,
            Types = [IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, IdentityServerConstants.PersistedGrantTypes.RefreshToken],
        });
    }

    private bool EndsWithSession(Client client) =>
        client.CoordinateLifetimeWithUserSession ?? options.Authentication.CoordinateClientLifetimesWithUserSession;
}
