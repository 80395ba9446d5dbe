namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Hands our ring of keys to IdentityServer, in place of its own.</summary>
internal sealed class SigningCredentialsSource(SigningKeys keys) : ISigningCredentialStore, IValidationKeysStore
{
    public Task<SigningCredentials?> GetSigningCredentialsAsync() => Task.FromResult<SigningCredentials?>(new(keys.Ring[0], SecurityAlgorithms.EcdsaSha256));

    public Task<IEnumerable<SecurityKeyInfo>> GetValidationKeysAsync()
        => Task.FromResult(keys.Ring.Select(key => new SecurityKeyInfo { Key = key, SigningAlgorithm = SecurityAlgorithms.EcdsaSha256 }));
}
