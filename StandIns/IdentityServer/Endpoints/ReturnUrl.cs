using System.Collections.Specialized;
using Microsoft.AspNetCore.WebUtilities;
using static SecureShop.StandIns.IdentityServer.IdentityServerConstants.ProtocolRoutePaths;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>The way back from a page of the host to the protocol.</summary>
internal static class ReturnUrl
{
    private const int Longest = 8000;
    private static readonly string[] Paths = ["/" + Authorize, "/" + AuthorizeCallback];

    /// <summary>The request's parameters; null for any address but our own two (open redirect).</summary>
    public static NameValueCollection? Parse(string? returnUrl)
    {
        if (string.IsNullOrEmpty(returnUrl) || returnUrl.Length > Longest || returnUrl.Any(char.IsControl))
            return null;

        // Only a path of ours, letter by letter: //evil, /\evil, ~/ and absolute addresses do not begin with one.
        var end = returnUrl.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? returnUrl : returnUrl[..end];
        if (!Paths.Contains(path, StringComparer.OrdinalIgnoreCase))
            return null;
        return end < 0 ? [] : Parameters.From(QueryHelpers.ParseQuery(returnUrl[end..]));
    }

    public static string Create(NameValueCollection parameters) =>
        QueryHelpers.AddQueryString("/" + AuthorizeCallback, Parameters.Pairs(parameters));
}
