using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

internal sealed class SignOutRequests(IIdentityServerInteractionService interaction, KnownClients clients) : ISignOutRequests
{
    public async Task<SignOutRequest?> FindAsync(string? id)
        => id is not null && await interaction.GetLogoutContextAsync(id) is { ClientId: { } clientId } request
            ? new(clients.Find(clientId), request.PostLogoutRedirectUri) : null;
}
