using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// The userinfo endpoint is an API as well: a token that is bound to a key is good for who proves that they hold it (RFC 9449, 7.1).
/// IdentityServer takes any token there as a bearer's, and leaves no event when it refuses one.
/// </summary>
internal static class UserInfo
{
    private const string Scheme = "DPoP ";
    private static readonly object Key = new();

    public static void UseUserInfo(this IApplicationBuilder app)
    {
        var address = app.ApplicationServices.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer + Paths.UserInfo;
        app.UseWhen(IsAsked, branch => branch.Use(async (context, next) =>
        {
            if (await ProveAsync(context, address))
                await next(context);
            Report(context);
        }));
    }

    /// <summary>Downgrade: whether a token that is bound to <paramref name="thumbprint"/>, or to no key, came as such.</summary>
    public static bool HoldsKey(HttpContext? context, string? thumbprint)
        => context is null || !IsAsked(context) || (context.Items.TryGetValue(Key, out var held) ? held as string : null) == thumbprint;

    private static bool IsAsked(HttpContext context) => context.Request.Path.StartsWithSegments(Paths.UserInfo, StringComparison.OrdinalIgnoreCase);

    private static async Task<bool> ProveAsync(HttpContext context, string address)
    {
        if (context.Request.Headers.Authorization is not [{ } credential] || !credential.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return true;
        var token = credential[Scheme.Length..].Trim();
        var check = await context.RequestServices.GetRequiredService<DpopProofs>()
            .CheckAsync(context.Request, address, token, needsNonce: true, context.RequestAborted);
        if (check.Thumbprint is { } thumbprint)
        {
            context.Items[Key] = thumbprint;
            context.Request.Headers.Authorization = "Bearer " + token;
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{check.Error}\", error_description=\"{check.Description}\", algs=\"ES256\"";
        if (check.Nonce is not null)
            context.Response.Headers["DPoP-Nonce"] = check.Nonce;
        return false;
    }

    private static void Report(HttpContext context)
    {
        var security = SecurityLog.Of(context);
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status401Unauthorized when context.Request.Headers.Authorization.Count > 0:
                security.TokenRejected(RefusalReason.TokenOther);
                break;
            case StatusCodes.Status401Unauthorized:
                security.AccessRefused(RefusalReason.NoCredential);
                break;
            case StatusCodes.Status403Forbidden:
                security.AccessRefused(RefusalReason.MissingScope);
                break;
        }
    }
}
