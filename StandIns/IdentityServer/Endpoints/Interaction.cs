using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Decides whether the user must do something before a good request gets its code.</summary>
internal sealed class Interaction(
    IdentityServerOptions options, IOptionsMonitor<CookieAuthenticationOptions> cookies, CookieScheme scheme, IProfileService profile,
    Denials denials, SealedMessages messages, TimeProvider clock)
{
    /// <summary>
    /// Added to the way back from the login page: when this request sent the user there, sealed. A plain flag, or dropping
    /// <c>prompt</c> from the address, could be typed by anyone to get around the fresh sign-in.
    /// </summary>
    private const string PromptedParameter = "prompted";

    public async Task<Decision> DecideAsync(ValidatedAuthorizeRequest request)
    {
        if (denials.Take(request.Raw) is { } denial)
            return new Decision(Error: new RequestError(CodeOf(denial.Error), denial.Description ?? "The request was turned down."));

        if (request.PromptModes.Contains(Prompt.Create, StringComparer.Ordinal) && options.UserInteraction.CreateAccountUrl is { } create && !WasPrompted(request))
            return new Decision(Page: PageFor(request, create, options.UserInteraction.CreateAccountReturnUrlParameter));

        if (!await NeedsSignInAsync(request))
            return new Decision();
        if (request.PromptModes.Contains(Prompt.None, StringComparer.Ordinal))
            return new Decision(Error: new RequestError(Errors.LoginRequired, "The user must sign in."));

        var cookie = cookies.Get(await scheme.GetNameAsync());
        return new Decision(Page: PageFor(
            request, options.UserInteraction.LoginUrl ?? cookie.LoginPath, options.UserInteraction.LoginReturnUrlParameter ?? cookie.ReturnUrlParameter));
    }

    private async Task<bool> NeedsSignInAsync(ValidatedAuthorizeRequest request)
    {
        if (request.Subject is not { } user)
            return true;

        var age = clock.GetUtcNow().ToUnixTimeSeconds() - user.GetAuthenticationTimeEpoch();
        var mustBeFresh = request.MaxAge == 0 || request.PromptModes.Any(prompt => prompt is Prompt.Login or Prompt.SelectAccount);
        if (mustBeFresh && !SignedInSince(request, user.GetAuthenticationTimeEpoch()))
            return true;
        if (request.MaxAge is > 0 && age > request.MaxAge)
            return true;
        if (request.Client.UserSsoLifetime is { } lifetime && age > lifetime)
            return true;
        if (!request.Client.EnableLocalLogin && user.GetIdentityProvider() == IdentityServerConstants.LocalIdentityProvider)
            return true;

        var active = new IsActiveContext(user, request.Client, IdentityServerConstants.ProfileIsActiveCallers.AuthorizeEndpoint);
        await profile.IsActiveAsync(active);
        return !active.IsActive;
    }

    private bool WasPrompted(ValidatedAuthorizeRequest request) => messages.Open<Prompted>(request.Raw[PromptedParameter])?.ClientId == request.ClientId;

    private bool SignedInSince(ValidatedAuthorizeRequest request, long signedIn) =>
        messages.Open<Prompted>(request.Raw[PromptedParameter]) is { } prompted && prompted.ClientId == request.ClientId && signedIn >= prompted.At;

    private string PageFor(ValidatedAuthorizeRequest request, string page, string parameter)
    {
        var back = Parameters.From([]);
        back.Add(request.Raw);
        back[PromptedParameter] = messages.Seal(new Prompted(request.ClientId, clock.GetUtcNow().ToUnixTimeSeconds()));
        return QueryHelpers.AddQueryString(page, parameter, ReturnUrl.Create(back));
    }

    private static string CodeOf(AuthorizationError error) => error switch
    {
        AuthorizationError.InteractionRequired => Errors.InteractionRequired,
        AuthorizationError.LoginRequired => Errors.LoginRequired,
        AuthorizationError.AccountSelectionRequired => Errors.AccountSelectionRequired,
        AuthorizationError.ConsentRequired => Errors.ConsentRequired,
        AuthorizationError.TemporarilyUnavailable => Errors.TemporarilyUnavailable,
        AuthorizationError.UnmetAuthenticationRequirements => Errors.UnmetAuthenticationRequirements,
        _ => Errors.AccessDenied,
    };

    private sealed record Prompted(string ClientId, long At);
}

/// <summary>An error, a page to visit first, or neither.</summary>
internal sealed record Decision(RequestError? Error = null, string? Page = null);
