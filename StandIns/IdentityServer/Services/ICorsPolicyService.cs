namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Knows which origins may call from a browser.</summary>
public interface ICorsPolicyService
{
    /// <summary>Whether this one may.</summary>
    Task<bool> IsOriginAllowedAsync(string origin);
}
