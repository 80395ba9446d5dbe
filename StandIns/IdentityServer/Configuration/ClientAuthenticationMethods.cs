namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>Ways for a client to prove itself, beyond a shared secret.</summary>
internal sealed class ClientAuthenticationMethods
{
    public bool PrivateKeyJwt { get; set; }
}
