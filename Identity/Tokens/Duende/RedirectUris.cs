using System.Text.RegularExpressions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Open redirect: an address is the registered one, letter by letter. Of loopback addresses the port may be any (RFC 8252, 7.3).</summary>
internal sealed partial class RedirectUris : IRedirectUriValidator
{
    public Task<bool> IsRedirectUriValidAsync(string requestedUri, Client client)
        => Task.FromResult(client.RedirectUris.Contains(Loopback.Replace(requestedUri, "${host}"), StringComparer.Ordinal));

    public Task<bool> IsPostLogoutRedirectUriValidAsync(string requestedUri, Client client)
        => Task.FromResult(client.PostLogoutRedirectUris.Contains(requestedUri, StringComparer.Ordinal));

    [GeneratedRegex(@"^(?<host>http://(127\.0\.0\.1|\[::1\])):[0-9]{1,5}(?=/)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Loopback { get; }
}
