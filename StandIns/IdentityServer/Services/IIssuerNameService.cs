namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Knows the issuer's name.</summary>
public interface IIssuerNameService
{
    /// <summary>The issuer of what this request brings about.</summary>
    Task<string> GetCurrentAsync();
}
