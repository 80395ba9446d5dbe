using Microsoft.AspNetCore.WebUtilities;
using SecureShop.StandIns.IdentityServer.Sessions;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Decides whether the user must do something before a good request gets its code.</summary>
internal sealed class Interaction(IdentityServerOptions options, IProfileService profile, SealedMessages messages, TimeProvider clock)
{
    /// <summary>
    /// Added to the way back from the login page: when this request sent the user there, sealed. A plain flag, or dropping
    /// <c>prompt</c> from the address, could be typed by anyone to get around the fresh sign-in.
    /// </summary>
    private const string PromptedParameter = "prompted";

    public async Task<Decision> DecideAsync(ValidatedAuthorizeRequest request)
    {
        if (!await NeedsSignInAsync(request))
            return new Decision();
        return request.PromptModes.Contains(Prompt.None, StringComparer.Ordinal)
            ? new Decision(Error: new RequestError(Errors.LoginRequired, "The user must sign in."))
            : new Decision(Page: LoginPage(request));
    }

    private async Task<bool> NeedsSignInAsync(ValidatedAuthorizeRequest request)
    {
        if (request.Subject is not { } user)
            return true;
        var signedIn = user.GetAuthenticationTimeEpoch();
        var mustBeFresh = request.MaxAge == 0 || request.PromptModes.Any(prompt => prompt is Prompt.Login or Prompt.SelectAccount);
        if (mustBeFresh && !SignedInSince(request, signedIn))
            return true;
        if (request.MaxAge is > 0 && clock.GetUtcNow().ToUnixTimeSeconds() - signedIn > request.MaxAge)
            return true;
        var active = new IsActiveContext(user);
        await profile.IsActiveAsync(active);
        return !active.IsActive;
    }

    private bool SignedInSince(ValidatedAuthorizeRequest request, long signedIn) =>
        messages.Open<Prompted>(request.Raw[PromptedParameter]) is { } prompted && prompted.ClientId == request.Client.ClientId && signedIn >= prompted.At;

    private string LoginPage(ValidatedAuthorizeRequest request)
    {
        var back = Parameters.From([]);
        back.Add(request.Raw);
        back[PromptedParameter] = messages.Seal(new Prompted(request.Client.ClientId, clock.GetUtcNow().ToUnixTimeSeconds()));
        return QueryHelpers.AddQueryString(options.UserInteraction.LoginUrl, options.UserInteraction.LoginReturnUrlParameter, ReturnUrl.Create(back));
    }

    private sealed record Prompted(string ClientId, long At);
}

/// <summary>An error, a page to visit first, or neither.</summary>
internal sealed record Decision(RequestError? Error = null, string? Page = null);
