using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Checks scopes against what exists and what the client may have. Names are compared whole: <c>api</c> is not <c>api.write</c>.</summary>
internal sealed class ScopeValidator(IResourceStore store)
{
    public static IReadOnlyList<string> Parse(string scope) =>
        scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();

    public async Task<ResourceValidationResult> ValidateAsync(Client client, IReadOnlyList<string> scopes)
    {
        var identity = (await store.FindIdentityResourcesByScopeNameAsync(scopes)).Where(resource => resource.Enabled).ToList();
        var api = (await store.FindApiScopesByNameAsync(scopes)).Where(scope => scope.Enabled).ToList();
        var known = identity.Select(resource => resource.Name).Concat(api.Select(scope => scope.Name)).ToHashSet(StringComparer.Ordinal);

        var result = new ResourceValidationResult();
        foreach (var scope in scopes)
        {
            var allowed = scope == IdentityServerConstants.StandardScopes.OfflineAccess
                ? client.AllowOfflineAccess
                : known.Contains(scope) && client.AllowedScopes.Contains(scope);
            if (allowed)
                result.ParsedScopes.Add(new ParsedScopeValue(scope));
            else
                result.InvalidScopes.Add(scope);
        }

        var apis = (await store.FindApiResourcesByScopeNameAsync(api.Select(scope => scope.Name))).Where(resource => resource.Enabled);
        result.Resources = new Resources(identity, apis, api)
        {
            OfflineAccess = scopes.Contains(IdentityServerConstants.StandardScopes.OfflineAccess, StringComparer.Ordinal),
        };
        return result;
    }
}
