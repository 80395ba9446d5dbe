using Duende.IdentityServer.Models;
using Duende.IdentityServer.ResponseHandling;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Says what a request still needs of its person. IdentityServer's own notes of what was done travel in the address, where anybody can
/// write them, and its consent counts for any request of the same scopes; ours are bound to one request and one browser.
/// </summary>
internal sealed class Interactions(
    KnownClients clients, Demands demands, RequestMarks marks, Subjects subjects, IHttpContextAccessor http, TimeProvider clock) : IAuthorizeInteractionResponseGenerator
{
    public async Task<InteractionResponse> ProcessInteractionAsync(ValidatedAuthorizeRequest request, ConsentResponse? consent = null)
    {
        var context = http.HttpContext!;
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var address = Demands.AddressOf(request);
        var session = ShopSession.Of(request.Subject);
        var mark = marks.Find(context, address);
        var wanted = await demands.OfAsync(request.Raw, client);
        var needs = wanted.Needs(session, mark, clock.GetUtcNow());
        if (wanted.ErrorFor(needs, session, mark) is { } error)
            return Refuse(context, address, error);
        if (needs != Interaction.None)
        {
            if (mark is null)
                marks.Keep(context, marks.Begin(address, session, asked: null));
            return needs == Interaction.Consent ? new() { IsConsent = true } : new() { IsLogin = true };
        }

        if (await subjects.FindAsync(request.Subject!) is not { } subject)
            return Refuse(context, address, "access_denied");
        marks.Forget(context, address);
        request.ValidatedResources = request.ValidatedResources.Filter(ShopScopes.GrantableBy(subject.Roles, request.ValidatedResources.RawScopeValues));
        request.Description = Families.NewId();
        return new();
    }

    private InteractionResponse Refuse(HttpContext context, string address, string error)
    {
        marks.Forget(context, address);
        return new() { Error = error };
    }
}
