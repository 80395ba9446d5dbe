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
        try
        {
            foreach (var step in steps.Of<TContext>())
            {
                if (step.Filters.Length > 0 && !await IsActiveAsync(step.Filters, context))
                    continue;
                await step.Find(services).HandleAsync(context);
                if (context is BaseRequestContext { IsRequestHandled: true } or BaseRequestContext { IsRequestSkipped: true } or BaseValidatingContext { IsRejected: true })
                    return;
            }
        }
        catch (ReplayMarksUnavailableException) when (context is BaseValidatingContext request)
        {
            // Fail closed: nobody can tell whether it is a copy. Nothing is wrong with the request: it may be tried again.
            request.Reject(Errors.TemporarilyUnavailable, "Copies cannot be told from originals at the moment. Try again.");
            var response = context.Http().Response;
            response.OnStarting(() => Task.FromResult(response.StatusCode = StatusCodes.Status503ServiceUnavailable));
        }
    }

    private static async ValueTask<bool> IsActiveAsync<TContext>(IOpenIddictServerHandlerFilter<TContext>[] filters, TContext context)
        where TContext : BaseContext
    {
        foreach (var filter in filters)
        {
            if (!await filter.IsActiveAsync(context))
                return false;
        }

        return true;
    }
}

/// <summary>When a handler runs, and where it is.</summary>
internal sealed record Step<TContext>(IOpenIddictServerHandlerFilter<TContext>[] Filters, Func<IServiceProvider, IOpenIddictServerHandler<TContext>> Find)
    where TContext : BaseContext;

/// <summary>The steps of each event, in the order that the options have. They stay when the options are made anew: only keys change.</summary>
internal sealed class Steps(IOptionsMonitor<OpenIddictServerOptions> options, IServiceProvider root)
{
    private readonly ConcurrentDictionary<Type, Array> all = [];

    public Step<TContext>[] Of<TContext>()
        where TContext : BaseContext
        => (Step<TContext>[])all.GetOrAdd(typeof(TContext), static (type, own) => own.Make<TContext>(type), this);

    private Step<TContext>[] Make<TContext>(Type type)
        where TContext : BaseContext
        => [.. options.CurrentValue.Handlers.Where(handler => handler.ContextType == type).Select(handler => new Step<TContext>(
            [.. handler.FilterTypes.Select(filter => (IOpenIddictServerHandlerFilter<TContext>)root.GetRequiredService(filter))],
            Finder<TContext>(handler.ServiceDescriptor)))];

    // What is there once is looked up once.
    private Func<IServiceProvider, IOpenIddictServerHandler<TContext>> Finder<TContext>(ServiceDescriptor service)
        where TContext : BaseContext
    {
        if (service.Lifetime != ServiceLifetime.Singleton)
            return services => (IOpenIddictServerHandler<TContext>)services.GetRequiredService(service.ServiceType);
        var shared = (IOpenIddictServerHandler<TContext>)(service.ImplementationInstance ?? root.GetRequiredService(service.ServiceType));
        return _ => shared;
    }
}
