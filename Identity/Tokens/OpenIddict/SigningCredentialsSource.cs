using Microsoft.Extensions.Primitives;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Hands OpenIddict the keys: its options are made anew when they change, while requests run.</summary>
internal sealed class SigningCredentialsSource(SigningKeys keys) : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => keys.GetChangeToken();

    public void Configure(OpenIddictServerOptions options)
        => options.SigningCredentials.AddRange(keys.Ring.Select(key => new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256)));
}
