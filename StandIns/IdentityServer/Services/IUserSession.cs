using System.Security.Claims;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>The browser's session with this server.</summary>
public interface IUserSession
{
    /// <summary>The signed-in user, or null.</summary>
    Task<ClaimsPrincipal?> GetUserAsync();

    /// <summary>The session's identifier (<c>sid</c>), or null.</summary>
    Task<string?> GetSessionIdAsync();

    /// <summary>Notes that a client took part.</summary>
    Task AddClientIdAsync(string clientId);

    /// <summary>Clients that took part.</summary>
    Task<IEnumerable<string>> GetClientListAsync();
}
