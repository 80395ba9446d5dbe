using Microsoft.AspNetCore;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// What cannot go back to a client (it, or its address, is unknown) is told to the person on a page of ours, in the one word of the
/// standard: to an address that nobody has matched nothing is sent.
/// </summary>
internal static class ErrorRedirects
{
    public static void AddTo(OpenIddictServerBuilder server)
    {
        On<ApplyAuthorizationResponseContext>(server, context => context.RedirectUri is null);
        On<ApplyEndSessionResponseContext>(server, _ => true);
        On<ApplyEndUserVerificationResponseContext>(server, _ => true);
    }

    private static void On<TContext>(OpenIddictServerBuilder server, Func<TContext, bool> isForPerson)
        where TContext : BaseRequestContext
        => server.AddEventHandler<TContext>(handler => handler
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .SetOrder(AttachHttpResponseCode<TContext>.Descriptor.Order + 1)
            .UseInlineHandler(context =>
            {
                if (context.Transaction.Response?.Error is { } error && isForPerson(context))
                {
                    context.Transaction.GetHttpRequest()!.HttpContext.Response.Redirect(QueryHelpers.AddQueryString(Paths.ErrorPage, "reason", error));
                    context.HandleRequest();
                }

                return default;
            }));
}
