using System.Collections.Specialized;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>A page's refusal of one authorize request, kept in a sealed cookie until the browser is back at the callback.</summary>
internal sealed class Denials(IHttpContextAccessor accessor, SealedMessages messages)
{
    private const string Prefix = "idsrv.denial.";

    public void Write(NameValueCollection request, AuthorizationError error, string? description) =>
        Context.Response.Cookies.Append(NameOf(request), messages.Seal(new Denial(error, description)), new CookieOptions
        {
            HttpOnly = true,
            Secure = Context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
        });

    public Denial? Take(NameValueCollection request)
    {
        var name = NameOf(request);
        if (!Context.Request.Cookies.TryGetValue(name, out var value))
            return null;
        Context.Response.Cookies.Delete(name);
        return messages.Open<Denial>(value);
    }

    private HttpContext Context => accessor.HttpContext ?? throw new InvalidOperationException("There is no browser outside a request.");

    /// <summary>One request, told apart by what the client chose at random.</summary>
    private static string NameOf(NameValueCollection request) => Prefix + Handles.Hash(
        "denial", string.Join('\n', request["client_id"], request["redirect_uri"], request["scope"], request["state"], request["nonce"], request["code_challenge"]))[..22];
}

/// <summary>Why a page refused.</summary>
internal sealed record Denial(AuthorizationError Error, string? Description);
