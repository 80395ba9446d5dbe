using Microsoft.AspNetCore;
using Microsoft.AspNetCore.WebUtilities;
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
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .SetOrder(AttachHttpResponseCode<ApplyAuthorizationResponseContext>.Descriptor.Order + 1)
            .UseInlineHandler(context => context.RedirectUri is null ? Redirect(context, context.Response.Error) : default));
        server.AddEventHandler<ApplyEndSessionResponseContext>(handler => handler
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .SetOrder(AttachHttpResponseCode<ApplyEndSessionResponseContext>.Descriptor.Order + 1)
            .UseInlineHandler(context => Redirect(context, context.Response.Error)));
        server.AddEventHandler<ApplyEndUserVerificationResponseContext>(handler => handler
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .SetOrder(AttachHttpResponseCode<ApplyEndUserVerificationResponseContext>.Descriptor.Order + 1)
            .UseInlineHandler(context => Redirect(context, context.Response.Error)));
    }

    private static ValueTask Redirect(BaseRequestContext context, string? error)
    {
        if (error is not null)
        {
            context.Transaction.GetHttpRequest()!.HttpContext.Response.Redirect(QueryHelpers.AddQueryString(Paths.ErrorPage, "reason", error));
            context.HandleRequest();
        }

        return default;
    }
}
