using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Configuration;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>The configured issuer, or the origin that the request came to.</summary>
internal sealed class IssuerNameService(IdentityServerOptions options, IHttpContextAccessor accessor) : IIssuerNameService
{
    public Task<string> GetCurrentAsync()
    {
        var issuer = options.IssuerUri;
        if (string.IsNullOrEmpty(issuer))
        {
            var request = accessor.HttpContext?.Request ?? throw new InvalidOperationException("Without a configured issuer there is none outside a request.");
            issuer = $"{request.Scheme}://{request.Host}{request.PathBase}";
        }

        return Task.FromResult(options.LowerCaseIssuerUri ? issuer.ToLowerInvariant() : issuer);
    }
}
