using static SecureShop.StandIns.IdentityServer.IdentityServerConstants.ProtocolRoutePaths;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Serves one path of the protocol.</summary>
internal interface IProtocolEndpoint
{
    Task HandleAsync(HttpContext context);
}

/// <summary>One row of the protocol's route table.</summary>
internal sealed record ProtocolRoute(string Path, Type Endpoint, params IReadOnlyList<string> Methods)
{
    public static IReadOnlyList<ProtocolRoute> All { get; } =
    [
        new("/" + DiscoveryConfiguration, typeof(DiscoveryEndpoint), HttpMethods.Get),
        new("/" + DiscoveryWebKeys, typeof(KeysEndpoint), HttpMethods.Get),
        new("/" + Authorize, typeof(AuthorizeEndpoint), HttpMethods.Get, HttpMethods.Post),
        new("/" + AuthorizeCallback, typeof(AuthorizeEndpoint), HttpMethods.Get),
        new("/" + Token, typeof(TokenEndpoint), HttpMethods.Post),
        new("/" + Revocation, typeof(RevocationEndpoint), HttpMethods.Post),
        new("/" + UserInfo, typeof(UserInfoEndpoint), HttpMethods.Get, HttpMethods.Post),
        new("/" + EndSession, typeof(EndSessionEndpoint), HttpMethods.Get, HttpMethods.Post),
    ];
}
