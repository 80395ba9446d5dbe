using Microsoft.AspNetCore.Authentication;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Tokens for who has proved a right to them, unless their family ends at this very moment: then a copy of the grant came in between.</summary>
internal sealed class GrantedTokens(ClaimsPrincipal principal) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await httpContext.SignInAsync(Endpoints.Scheme, principal);
        }
        catch (ConcurrencyException)
        {
            await httpContext.ForbidAsync(Endpoints.Scheme, Refusals.Of(Errors.InvalidGrant));
        }
    }
}
