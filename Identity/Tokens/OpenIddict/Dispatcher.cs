using System.Collections.Concurrent;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Runs the handlers of an event in their order, until one has settled it. The library's own looks through all of its hundreds of
/// handlers at each of the dozens of events that a request is made of, and asks the container for each of their filters.
/// </summary>
internal sealed class Dispatcher(Steps steps, IServiceProvider services) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context)
        where TContext : BaseContext
    {
        foreach (var step in steps.Of<TContext>())
        {
            if (!await step.IsActiveAsync(context))
                continue;
            await step.Find(services).HandleAsync(context);
            if (context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true } or BaseValidatingContext { IsRejected: true })
                return;
        }
    }
}

/// <summary>A handler, and when it runs. What is there once is looked up once.</summary>
internal sealed class Step<TContext>(OpenIddictServerHandlerDescriptor descriptor, IServiceProvider root)
    where TContext : BaseContext
{
    private readonly IOpenIddictServerHandlerFilter<TContext>[] filters
        = [.. descriptor.FilterTypes.Select(type => (IOpenIddictServerHandlerFilter<TContext>)root.GetRequiredService(type))];

    private readonly IOpenIddictServerHandler<TContext>? shared
        = descriptor.ServiceDescriptor.Lifetime == ServiceLifetime.Singleton ? Find(descriptor, root) : null;

    public async ValueTask<bool> IsActiveAsync(TContext context)
    {
        foreach (var filter in filters)
        {
            if (!await filter.IsActiveAsync(context))
                return false;
        }

        return true;
    }

    public IOpenIddictServerHandler<TContext> Find(IServiceProvider services) => shared ?? Find(descriptor, services);

    private static IOpenIddictServerHandler<TContext> Find(OpenIddictServerHandlerDescriptor descriptor, IServiceProvider services)
        => (IOpenIddictServerHandler<TContext>)(descriptor.ServiceDescriptor.ImplementationInstance ?? services.GetRequiredService(descriptor.ServiceDescriptor.ServiceType));
}

/// <summary>The steps of each event, in the order that the options have. They stay when the options are made anew: only keys change.</summary>
internal sealed class Steps(IOptionsMonitor<OpenIddictServerOptions> options, IServiceProvider root)
{
    private readonly ConcurrentDictionary<Type, Array> all = [];

    public Step<TContext>[] Of<TContext>()
        where TContext : BaseContext
        => (Step<TContext>[])all.GetOrAdd(typeof(TContext), static (type, own) => own.Make<TContext>(type), this);

    private Step<TContext>[] Make<TContext>(Type type)
        where TContext : BaseContext
        => [.. options.CurrentValue.Handlers.Where(handler => handler.ContextType == type).Select(handler => new Step<TContext>(handler, root))];
}
