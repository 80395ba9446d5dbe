using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.ServiceDefaults;

/// <summary>The check at start that no endpoint was forgotten.</summary>
public static class AccessRuleVerification
{
    /// <summary>The last line before <c>Run</c>: stops the start when an endpoint has no rule, or more than one.</summary>
    /// <exception cref="InvalidOperationException">Names each such endpoint and what to do.</exception>
    public static void VerifyAccessRules(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var wrong = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .Select(Fault)
            .OfType<string>()
            .ToList();
        if (wrong.Count > 0)
            throw new InvalidOperationException(
                $"Give each endpoint exactly one access rule with RequireAccess(...): {string.Join("; ", wrong)}.");
    }

    private static string? Fault(Endpoint endpoint)
    {
        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>().Count;
        if (rules != 1)
            return $"{Name(endpoint)} has {(rules == 0 ? "none" : rules)}";

        // AllowAnonymous would switch the rule off without a word.
        return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? null : $"{Name(endpoint)} also says AllowAnonymous";
    }

    private static string Name(Endpoint endpoint)
    {
        // As they were written: HEAD has come with GET.
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Where(method => !HttpMethods.IsHead(method)) ?? [];
        var path = endpoint is RouteEndpoint route ? route.RoutePattern.RawText : endpoint.DisplayName;
        return $"{string.Join(',', methods)} {path}".Trim();
    }
}
