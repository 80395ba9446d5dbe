using Microsoft.AspNetCore.Antiforgery;

namespace SecureShop.Identity.Factors;

/// <summary>Where the pages' script asks what to ask the browser for. The answers come back as forms, to pages.</summary>
internal static class PasskeyEndpoints
{
    public const string SignIn = "/account/passkeys/sign-in";
    public const string SecondFactor = "/account/passkeys/second-factor";
    public const string New = "/account/passkeys/new";

    private static readonly AccessRule SignsIn = AccessRule.Anyone("For people who are not signed in yet: a random challenge, the same for whoever asks.");
    private static readonly AccessRule Continues = AccessRule.Anyone("For whoever has shown a password or is signed in; looks for either itself.");

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("").AddEndpointFilter(RequireAntiforgeryAsync).ActAs(DatabaseTask.SignIn).ExcludeFromDescription();
        passkeys.MapPost(SignIn, BeginSignInAsync).RequireAccess(SignsIn);
        passkeys.MapPost(SecondFactor, BeginSecondFactorAsync).RequireAccess(Continues);
        passkeys.MapPost(New, BeginAddingAsync).RequireAccess(AccessRule.ForSession());
    }

    internal static async Task<Ok<PasskeyChallenge>> BeginSignInAsync(HttpContext http, PasskeyCeremonies ceremonies)
        => TypedResults.Ok(await ceremonies.BeginAsync(http, user: null));

    internal static async Task<Results<Ok<PasskeyChallenge>, ProblemHttpResult>> BeginSecondFactorAsync(HttpContext http, PendingSignIn pending, PasskeyCeremonies ceremonies)
        => await pending.FindAsync(http) is { } user
            ? TypedResults.Ok(await ceremonies.BeginAsync(http, user))
            : TypedResults.Problem("Sign in first.", statusCode: StatusCodes.Status401Unauthorized);

    internal static async Task<Results<Ok<PasskeyChallenge>, ProblemHttpResult>> BeginAddingAsync(HttpContext http, UserManager<ShopUser> users, PasskeyCeremonies ceremonies)
        => await users.GetUserAsync(http.User) is { } user
            ? TypedResults.Ok(await ceremonies.BeginAddingAsync(http, user))
            : TypedResults.Problem("Sign in first.", statusCode: StatusCodes.Status401Unauthorized);

    // Another site's page must not begin a ceremony in its visitor's name.
    private static async ValueTask<object?> RequireAntiforgeryAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        if (await call.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(call.HttpContext))
            return await next(call);
        SecurityLog.Of(call.HttpContext, StatusCodes.Status400BadRequest).InputRefused();
        return TypedResults.Problem("The page has been open for too long. Reload it.", statusCode: StatusCodes.Status400BadRequest);
    }
}
