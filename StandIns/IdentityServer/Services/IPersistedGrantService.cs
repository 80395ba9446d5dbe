using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>A user's grants, over all kinds.</summary>
public interface IPersistedGrantService
{
    /// <summary>Those of one user.</summary>
    Task<IEnumerable<Grant>> GetAllGrantsAsync(string subjectId);

    /// <summary>Ends those of one user, or of one client or session of his.</summary>
    Task RemoveAllGrantsAsync(string subjectId, string? clientId = null, string? sessionId = null);
}
