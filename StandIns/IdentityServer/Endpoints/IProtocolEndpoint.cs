using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Configuration;
using static SecureShop.StandIns.IdentityServer.IdentityServerConstants.ProtocolRoutePaths;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Serves one path of the protocol.</summary>
internal interface IProtocolEndpoint
{
    Task HandleAsync(HttpContext context);
}

/// <summary>One row of the protocol's route table.</summary>
internal sealed record ProtocolRoute(string Path, Type Endpoint, IReadOnlyList<string> Methods, Func<EndpointsOptions, bool> IsEnabled, bool AllowsBrowserCalls = false)
{
    private static readonly string[] Get = [HttpMethods.Get];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] GetAndPost = [HttpMethods.Get, HttpMethods.Post];

    public static IReadOnlyList<ProtocolRoute> All { get; } =
    [
        new("/" + DiscoveryConfiguration, typeof(DiscoveryEndpoint), Get, options => options.EnableDiscoveryEndpoint, AllowsBrowserCalls: true),
        new("/.well-known/oauth-authorization-server", typeof(DiscoveryEndpoint), Get, options => options.EnableOAuth2MetadataEndpoint, AllowsBrowserCalls: true),
        new("/" + DiscoveryWebKeys, typeof(KeysEndpoint), Get, options => options.EnableDiscoveryEndpoint, AllowsBrowserCalls: true),
        new("/" + Authorize, typeof(AuthorizeEndpoint), GetAndPost, options => options.EnableAuthorizeEndpoint),
        new("/" + AuthorizeCallback, typeof(AuthorizeEndpoint), Get, options => options.EnableAuthorizeEndpoint),
        new("/" + Token, typeof(TokenEndpoint), Post, options => options.EnableTokenEndpoint, AllowsBrowserCalls: true),
        new("/" + Revocation, typeof(RevocationEndpoint), Post, options => options.EnableTokenRevocationEndpoint, AllowsBrowserCalls: true),
        new("/" + UserInfo, typeof(UserInfoEndpoint), GetAndPost, options => options.EnableUserInfoEndpoint, AllowsBrowserCalls: true),
        new("/" + EndSession, typeof(EndSessionEndpoint), GetAndPost, options => options.EnableEndSessionEndpoint),
    ];
}
