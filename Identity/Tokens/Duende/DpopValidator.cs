using Duende.IdentityServer.Models;
using Duende.IdentityServer.Validation;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Proofs of a key (RFC 9449) by the check that every service of ours uses: one reading of the standard, one table of used ones.</summary>
internal sealed class DpopValidator(DpopProofs proofs, IHttpContextAccessor http) : IDPoPProofValidator
{
    public async Task<DPoPProofValidatonResult> ValidateAsync(DPoPProofValidatonContext context)
    {
        var request = http.HttpContext!.Request;
        var needsNonce = context.ExpirationValidationMode.HasFlag(DPoPTokenExpirationValidationMode.Nonce);
        try
        {
            var check = await proofs.CheckAsync(request, context.Url, accessToken: null, needsNonce, request.HttpContext.RequestAborted);
            return new()
            {
                IsError = check.Error is not null,
                Error = check.Error,
                ErrorDescription = check.Description,
                ServerIssuedNonce = check.Nonce,
                JsonWebKeyThumbprint = check.Thumbprint,
                Confirmation = check.Thumbprint is null ? null : Confirmation(check.Thumbprint),
            };
        }
        catch (ReplayMarksUnavailableException)
        {
            // Fail closed: nobody can tell whether the proof is a copy.
            return new() { IsError = true, Error = "temporarily_unavailable", ErrorDescription = "Proofs cannot be checked at the moment. Try again." };
        }
    }

    private static string Confirmation(string thumbprint)
        => JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["jkt"] = thumbprint });
}
