using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Storage.Data.Callers;

/// <summary>
/// Whom the database is asked for, as its policies know it: a person by their subject, with the roles and scopes of their token, or a
/// task of the service's own; never both.
/// </summary>
/// <param name="Subject">Setting <c>shop.subject</c>.</param>
/// <param name="Rights">Setting <c>shop.rights</c>: roles and scopes, with spaces between them. No scope is called like a role.</param>
/// <param name="Task">Setting <c>shop.task</c>.</param>
internal sealed record DatabaseCaller(string Subject, string Rights, string Task)
{
    private static readonly HttpContextAccessor Http = new();
    private static readonly HashSet<string> Known = [.. Role.All, .. Scope.All];

    /// <summary>
    /// The one of this moment: the task that has begun, the task of the request's endpoint, the request's caller; for a request without
    /// one <paramref name="guests"/>. Null is nobody, who needs no settings: what everyone may see is all that is seen.
    /// </summary>
    public static DatabaseCaller? Now(DatabaseTask? guests)
    {
        if (DatabaseTask.Current is { } begun)
            return Of(begun);
        if (Http.HttpContext is not { } request)
            return null;
        if (request.GetEndpoint()?.Metadata.GetMetadata<ActsAs>() is { } named)
            return Of(named.Task);
        if (request.User.Identity?.IsAuthenticated == true)
            return Of(request);
        return guests is null ? null : Of(guests);
    }

    private static DatabaseCaller Of(DatabaseTask task) => new("", "", task.Name);

    // Put together once a request: it is asked with each command. Somebody who signs in within one is somebody else from there on.
    private static DatabaseCaller Of(HttpContext request)
    {
        if (request.Features.Get<Remembered>() is { } known && ReferenceEquals(known.User, request.User))
            return known.Caller;
        var caller = new DatabaseCaller(request.User.SubjectOrNull() ?? "", RightsOf(request.User), "");
        request.Features.Set(new Remembered(request.User, caller));
        return caller;
    }

    // What no policy can know is left out: a claim is a text of the issuer's, and the setting stays short.
    private static string RightsOf(ClaimsPrincipal user) => string.Join(' ', user.Claims
        .Where(claim => claim.Type is "role" or "scope")
        .SelectMany(claim => claim.Type is "scope" ? claim.Value.Split(' ') : [claim.Value])
        .Where(Known.Contains).Distinct(StringComparer.Ordinal));

    private sealed record Remembered(ClaimsPrincipal User, DatabaseCaller Caller);
}
