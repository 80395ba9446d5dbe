using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Web;

/// <summary>
/// Holds the addresses that the token server makes to what the gateway takes. The request of a client travels inside the address of
/// the sign-in page, where it grows: encoded twice, a long <c>state</c> becomes several times as long.
/// </summary>
internal static class AddressLength
{
    /// <summary>What the gateway takes, less what our own pages add on the way: "registered", "expired", a longer path.</summary>
    public const int Max = RequestLimits.Url - 96;

    private const string Answer = "The request is too long. Send a shorter state, or fewer parameters.";

    public static void UseAddressLength(this WebApplication app)
    {
        var issuer = app.Services.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer;
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response.StatusCode != StatusCodes.Status302Found || context.Response.Headers.Location.ToString() is not { Length: > Max } location)
                return;

            // Of a client's own address the client knows how long it may be.
            var local = location.StartsWith(issuer + "/", StringComparison.Ordinal) ? location[issuer.Length..] : location;
            if (local.StartsWith(Paths.LoginPage + "?", StringComparison.Ordinal))
                await RefuseAsync(context, issuer, local[Paths.LoginPage.Length..]);

            // Who wants to sign out still can: what does not fit is the way back to the client.
            else if (local.StartsWith(Paths.LogoutPage + "?", StringComparison.Ordinal))
                context.Response.Redirect(Paths.LogoutPage);
        });
    }

    /// <summary>Tells the client, as OAuth does (RFC 6749, section 4.1.2.1), where the token server knows its address; else the person.</summary>
    private static async Task RefuseAsync(HttpContext context, string issuer, string query)
    {
        var returnUrl = QueryHelpers.ParseQuery(query).GetValueOrDefault("returnUrl").ToString();
        var asked = QueryHelpers.ParseQuery(returnUrl[(returnUrl.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        var requests = context.RequestServices.GetRequiredService<IAuthorizationRequests>();

        // Open redirect: only to the address that the token server has matched to the client.
        if (await requests.FindAsync(context, returnUrl) is { } request && asked.GetValueOrDefault("response_mode").ToString() is "" or "query")
        {
            SecurityLog.Of(context, StatusCodes.Status302Found).InputRefused();
            context.Response.Redirect(QueryHelpers.AddQueryString(request.RedirectUri, new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["error"] = "invalid_request",
                ["error_description"] = Answer,
                ["state"] = asked.GetValueOrDefault("state"),
                ["iss"] = issuer,
            }));
            return;
        }

        context.Response.Headers.Location = default;
        await TypedResults.Problem(Answer, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }
}
