using Microsoft.AspNetCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Puts handlers of ours between those of OpenIddict, and gives them what they ask for most.</summary>
internal static class Handlers
{
    // Its own are a thousand apart.
    extension(OpenIddictServerHandlerDescriptor own)
    {
        public int Before => own.Order - 500;

        public int After => own.Order + 500;
    }

    public static void On<TContext>(this OpenIddictServerBuilder server, int order, Action<TContext> handle)
        where TContext : BaseContext
        => server.On<TContext>(order, context =>
        {
            handle(context);
            return default;
        });

    public static void On<TContext>(this OpenIddictServerBuilder server, int order, Func<TContext, ValueTask> handle)
        where TContext : BaseContext
        => server.AddEventHandler<TContext>(handler => handler.SetOrder(order).UseInlineHandler(handle));

    /// <summary>The same by a service of the request's.</summary>
    public static void On<TContext, TService>(this OpenIddictServerBuilder server, int order, Func<TService, Func<TContext, ValueTask>> handle)
        where TContext : BaseContext
        where TService : notnull
        => server.AddEventHandler<TContext>(handler => handler.SetOrder(order).UseInlineHandler(async context =>
        {
            try
            {
                await handle(context.Http().RequestServices.GetRequiredService<TService>())(context);
            }
            catch (ReplayMarksUnavailableException) when (context is BaseValidatingContext request)
            {
                // Fail closed: nobody can tell whether it is a copy. Nothing is wrong with the request: it may be tried again.
                request.Reject(Errors.TemporarilyUnavailable, "Copies cannot be told from originals at the moment. Try again.");
                var response = context.Http().Response;
                response.OnStarting(() => Task.FromResult(response.StatusCode = StatusCodes.Status503ServiceUnavailable));
            }
        }));

    /// <summary>The same in place of one of the library's own.</summary>
    public static void Instead<TContext, TService>(
        this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor own, Func<TService, Func<TContext, ValueTask>> handle)
        where TContext : BaseContext
        where TService : notnull
        => server.RemoveEventHandler(own).On(own.Order, handle);

    /// <summary>Has one of the library's own run under one more condition.</summary>
    public static void OnlyWhere<TContext, TFilter>(this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor own)
        where TContext : BaseContext
        where TFilter : class, IOpenIddictServerHandlerFilter<TContext>
    {
        server.Services.TryAddSingleton<TFilter>();
        server.Configure(options => options.Handlers[options.Handlers.IndexOf(own)]
            = OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>().Import(own).AddFilter<TFilter>().Build());
    }

    public static HttpContext Http(this BaseContext context) => context.Transaction.GetHttpRequest()!.HttpContext;

    /// <summary>What the request has brought that OpenIddict has found good.</summary>
    public static ProcessAuthenticationContext? Proven(this BaseContext context)
        => context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);
}
