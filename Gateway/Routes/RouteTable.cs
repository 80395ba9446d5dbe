using SecureShop.Gateway.Doors;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Gateway.Routes;

/// <summary>
/// Everything that can be reached from outside: the public rows of the <see cref="AccessTable"/>, and the identity server. What is not here
/// is a 404: reservations, health and documents of the services among it. Rules are the coarse half; each service checks everything again,
/// ownership included.
/// </summary>
internal static class RouteTable
{
    private static readonly AccessRule AskIdentity = AccessRule.Anyone("The identity server proves its callers itself, by password, code or key.");

    public static IReadOnlyList<GatewayRoute> All { get; } =
        [.. AccessTable.All.Where(row => row.IsPublic).Select(Api), Identity("GET", "HEAD"), Identity("POST")];

    private static GatewayRoute Identity(params string[] methods)
        => new(Origin.Identity, methods, $"{IdentityTree.Root}/{{**path}}", "identity", AskIdentity) { Prefix = IdentityTree.Root, MaxBody = 32 * 1024 };

    private static GatewayRoute Api(AccessRow row)
    {
        var prefix = ProtectedApi.Path(row.Service);
        return new(Origin.Shop, [row.Method], (prefix + row.Path).TrimEnd('/'), row.Service, row.Rule.WithoutOwnership()) { Prefix = prefix };
    }
}
