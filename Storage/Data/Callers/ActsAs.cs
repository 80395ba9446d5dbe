using Microsoft.AspNetCore.Builder;

namespace SecureShop.Storage.Data.Callers;

/// <summary>Names the task of endpoints that work for one, and not for their caller alone.</summary>
public static class ActsAsExtensions
{
    /// <summary>Has the endpoints ask the database for <paramref name="task"/>.</summary>
    public static TBuilder ActAs<TBuilder>(this TBuilder endpoints, DatabaseTask task)
        where TBuilder : IEndpointConventionBuilder
        => endpoints.ActAs(_ => task);

    /// <summary>The same, where not all of them have the same task; null leaves an endpoint to its caller.</summary>
    public static TBuilder ActAs<TBuilder>(this TBuilder endpoints, Func<EndpointBuilder, DatabaseTask?> task)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(task);
        endpoints.Add(endpoint =>
        {
            if (task(endpoint) is { } found)
                endpoint.Metadata.Add(new ActsAs(found));
        });
        return endpoints;
    }
}

/// <summary>The task of an endpoint.</summary>
internal sealed record ActsAs(DatabaseTask Task);
