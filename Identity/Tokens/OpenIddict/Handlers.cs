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

    /// <summary>The same by a service that all requests share, and that is found once.</summary>
    public static void On<TContext, TService>(this OpenIddictServerBuilder server, int order, Func<TService, Func<TContext, ValueTask>> handle)
        where TContext : BaseContext
        where TService : notnull
    {
        Func<TContext, ValueTask>? found = null;
        server.On<TContext>(order, context => (found ??= handle(context.Http().RequestServices.GetRequiredService<TService>()))(context));
    }

    /// <summary>The same in place of one of the library's own.</summary>
    public static void Instead<TContext, TService>(
        this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor own, Func<TService, Func<TContext, ValueTask>> handle)
        where TContext : BaseContext
        where TService : notnull
        => server.RemoveEventHandler(own).On(own.Order, handle);

    /// <summary>Has one of the library's own run, and be made, only where it is needed.</summary>
    public static void OnlyWhere<TContext>(this OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor own, Predicate<TContext> needed)
        where TContext : BaseContext
        => server.Configure(options => options.Handlers.Remove(own)).On<TContext>(own.Order, context => needed(context)
            ? ((IOpenIddictServerHandler<TContext>)context.Http().RequestServices.GetRequiredService(own.ServiceDescriptor.ServiceType)).HandleAsync(context)
            : default);

    public static HttpContext Http(this BaseContext context) => context.Transaction.GetHttpRequest()!.HttpContext;

    /// <summary>What the request has brought that OpenIddict has found good.</summary>
    public static ProcessAuthenticationContext? Proven(this BaseContext context)
        => context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);
}
