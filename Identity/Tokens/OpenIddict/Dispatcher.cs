using System.Collections.Frozen;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Runs the handlers of an event in their order, until one has settled it. The library's own looks through all of its hundreds of
/// handlers at each of the dozens of events that a request is made of.
/// </summary>
internal sealed class Dispatcher(HandlersByEvent handlers, IServiceProvider services) : IOpenIddictServerDispatcher
{
    public async ValueTask DispatchAsync<TContext>(TContext context)
        where TContext : BaseContext
    {
        foreach (var descriptor in handlers.Of<TContext>())
        {
            if (!await IsActiveAsync(descriptor, context))
                continue;
            await ((IOpenIddictServerHandler<TContext>)Find(descriptor)).HandleAsync(context);
            if (context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true } or BaseValidatingContext { IsRejected: true })
                return;
        }
    }

    private async ValueTask<bool> IsActiveAsync<TContext>(OpenIddictServerHandlerDescriptor descriptor, TContext context)
        where TContext : BaseContext
    {
        foreach (var type in descriptor.FilterTypes)
        {
            if (!await ((IOpenIddictServerHandlerFilter<TContext>)services.GetRequiredService(type)).IsActiveAsync(context))
                return false;
        }

        return true;
    }

    private object Find(OpenIddictServerHandlerDescriptor descriptor)
        => descriptor.ServiceDescriptor.ImplementationInstance ?? services.GetRequiredService(descriptor.ServiceDescriptor.ServiceType);
}

/// <summary>The handlers by their event, in the order that the options have. They stay when the options are made anew: only keys change.</summary>
internal sealed class HandlersByEvent(IOptionsMonitor<OpenIddictServerOptions> options)
{
    private readonly Lazy<FrozenDictionary<Type, OpenIddictServerHandlerDescriptor[]>> all = new(() =>
        options.CurrentValue.Handlers.GroupBy(handler => handler.ContextType).ToFrozenDictionary(group => group.Key, group => group.ToArray()));

    public OpenIddictServerHandlerDescriptor[] Of<TContext>() => all.Value.GetValueOrDefault(typeof(TContext)) ?? [];
}
