using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Sessions;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Requests that wait for a person. IdentityServer checks them anew each time that a page asks.</summary>
internal sealed class AuthorizationRequests(
    IIdentityServerInteractionService interaction, KnownClients clients, Demands demands, RequestMarks marks, TimeProvider clock) : IAuthorizationRequests
{
    private const string PushedPrefix = "urn:ietf:params:oauth:request_uri:";

    public async Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl)
    {
        if (await interaction.GetAuthorizationContextAsync(returnUrl) is not { } request || clients.Find(request.Client.ClientId) is not { } client)
            return null;
        var mark = marks.Find(context, Demands.AddressOf(request.Parameters, PushedOf(returnUrl!)));
        var needs = (await demands.OfAsync(request.Parameters, client)).Needs(ShopSession.Of(context.User), mark, clock.GetUtcNow());
        return new(client, [.. request.ValidatedResources.RawScopeValues], request.RedirectUri, needs, request.LoginHint, returnUrl!);
    }

    public Task<string> ChooseAccountAsync(HttpContext context, AuthorizationRequest request)
        => KeepAsync(context, request, mark => mark with { ChosenBy = ShopSession.Of(context.User)?.Id });

    public Task<string> AllowAsync(HttpContext context, AuthorizationRequest request)
        => KeepAsync(context, request, mark => mark with { AllowedBy = ShopSession.Of(context.User)?.Id });

    public Task<string> RefuseAsync(HttpContext context, AuthorizationRequest request)
        => KeepAsync(context, request, mark => mark with { Refused = true });

    private async Task<string> KeepAsync(HttpContext context, AuthorizationRequest request, Func<RequestMark, RequestMark> answer)
    {
        if (await interaction.GetAuthorizationContextAsync(request.ReturnUrl) is { } asked
            && marks.Find(context, Demands.AddressOf(asked.Parameters, PushedOf(request.ReturnUrl))) is { } mark)
            marks.Keep(context, answer(mark));
        return request.ReturnUrl;
    }

    private static string? PushedOf(string returnUrl)
        => QueryHelpers.ParseQuery(returnUrl[(returnUrl.IndexOf('?', StringComparison.Ordinal) + 1)..]).GetValueOrDefault("request_uri").ToString() is { } uri
            && uri.StartsWith(PushedPrefix, StringComparison.Ordinal) ? uri[PushedPrefix.Length..] : null;
}
