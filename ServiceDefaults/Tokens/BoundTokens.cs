using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// Access tokens that are bound to a key come under the scheme <c>DPoP</c> and with a proof of the key (RFC 9449, 7); others come under
/// <c>Bearer</c>. Whoever has only copied a bound token has nothing.
/// </summary>
/// <param name="api">The API, which the public finds under <c>/api/{name}</c>.</param>
/// <param name="shop">The shop's public origin.</param>
/// <param name="proofs">Takes proofs out of use, and asks for nonces; null behind a gateway that does.</param>
/// <param name="revocations">What has ended; null behind a gateway that knows.</param>
/// <param name="clock">The time.</param>
internal sealed class BoundTokens(string api, ShopOptions shop, DpopProofs? proofs, KnownRevocations? revocations, TimeProvider clock) : JwtBearerEvents
{
    public const string Scheme = "DPoP";

    /// <summary>Whether the caller presents a token as one that is bound.</summary>
    public static bool IsUsed(HttpRequest request) => Credential(request) is not null;

    public override Task MessageReceived(MessageReceivedContext context)
    {
        context.Token = Credential(context.Request);
        return Task.CompletedTask;
    }

    public override Task AuthenticationFailed(AuthenticationFailedContext context) => TokenFailure.RememberAsync(context);

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        // Fail closed: nobody can tell whether the token has ended. What only reads goes on, for the five minutes that a token lives.
        if (revocations is { IsSilent: true } && !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            TokenFailure.RememberUnjudged(context.HttpContext);
            context.Fail("The token cannot be judged.");
            return;
        }

        var token = (JsonWebToken)context.SecurityToken;
        var bound = token.TryGetPayloadValue<object>("cnf", out _);

        // Downgrade: without this a stolen token would work as if it had never been bound. And what no key is asked for proves none.
        if (bound != IsUsed(context.Request))
        {
            Refuse(context, DpopCheck.Wrong(bound ? "The token is bound to a key." : "The token is bound to no key."), "invalid_token");
            return;
        }

        if (!bound)
            return;
        DpopCheck check;
        try
        {
            // Whoever leaves meanwhile is waited for: the limits have not counted them yet.
            check = proofs is null
                ? DpopProofs.CheckAgain(context.Request, Address(context.Request), token.EncodedToken, clock)
                : await proofs.CheckAsync(context.Request, Address(context.Request), token.EncodedToken, needsNonce: true, CancellationToken.None);
        }
        catch (ReplayMarksUnavailableException)
        {
            // Fail closed: nobody can tell whether it is a copy. Answered when the limits have counted the request.
            TokenFailure.RememberUnjudged(context.HttpContext);
            context.Fail("The proof cannot be judged.");
            return;
        }

        if (check.Thumbprint is null)
            Refuse(context, check, check.Error!);
        else if (check.Thumbprint != KeyOf(token))
            Refuse(context, DpopCheck.Wrong("The token is bound to another key."), "invalid_token");
    }

    private static void Refuse(TokenValidatedContext context, DpopCheck check, string error)
    {
        TokenFailure.Remember(context.HttpContext, RefusalReason.TokenBinding, check with { Error = error });
        context.Fail(check.Description!);
    }

    // What is bound in another way (RFC 8705) is bound to a key that nobody shows here.
    private static string? KeyOf(JsonWebToken token)
        => token.TryGetPayloadValue<Dictionary<string, object>>("cnf", out var confirmation) && confirmation is { Count: 1 } && confirmation.TryGetValue("jkt", out var thumbprint)
            ? thumbprint as string : null;

    private static string? Credential(HttpRequest request)
        => request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) ? value[(Scheme.Length + 1)..].Trim() : null;

    // In one spelling for the gateway, whose path has the API's name in front, and the API, whose path has not: what one of them takes the other does.
    private string Address(HttpRequest request)
    {
        var name = ProtectedApi.Path(api);
        var path = proofs is not null && request.Path.StartsWithSegments(name, StringComparison.OrdinalIgnoreCase, out var rest) ? rest : request.Path;
        return shop.Origin + name + (path.Value is null or "" or "/" ? "" : path.ToUriComponent());
    }
}
