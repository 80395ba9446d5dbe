using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// The conditions that a request makes on the version of what it names (RFC 9110, section 13). What a version's tag is made of is the
/// business of each resource.
/// </summary>
public static class Preconditions
{
    /// <summary>Whether the caller already has the answer of this tag (<c>If-None-Match</c>); compared weakly.</summary>
    public static bool IsCached(HttpRequest request, EntityTagHeaderValue tag)
        => request.Headers.IfNoneMatch.Count > 0 && request.GetTypedHeaders().IfNoneMatch
            .Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));

    /// <summary>
    /// Whether a change may be made (<c>If-Match</c>), or the problem that says why not: 412 where no tag in the header names the
    /// version, 428 where there is no header and the change requires one.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="names">Whether a tag, in its quotes, names the version that the change was made for.</param>
    /// <param name="required">Whether the header must be there.</param>
    public static ProblemHttpResult? Check(HttpRequest request, Func<string, bool> names, bool required = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.IfMatch.Count == 0)
            return required ? Required() : null;

        // Compared strongly: a weak tag says that two versions are alike, and not that they are the same. A header that cannot be
        // read has no tags and matches nothing.
        var met = request.GetTypedHeaders().IfMatch
            .Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || (!candidate.IsWeak && names(candidate.Tag.ToString())));
        return met ? null : Failed();
    }

    /// <summary>The answer to a change that came too late.</summary>
    public static ProblemHttpResult Failed() => TypedResults.Problem(
        "It has changed since it was read: read it again.", statusCode: StatusCodes.Status412PreconditionFailed);

    private static ProblemHttpResult Required() => TypedResults.Problem(
        "Send If-Match with the ETag of the version that was read.", statusCode: StatusCodes.Status428PreconditionRequired);
}
