namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Checks scopes against what exists and what the client may have. Names are compared whole: <c>api</c> is not <c>api.write</c>.</summary>
internal sealed class ScopeValidator(ResourceList all)
{
    public static IReadOnlyList<string> Parse(string scope) =>
        scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();

    public GrantedScopes Validate(Client client, IReadOnlyList<string> asked)
    {
        var wanted = asked.Where(client.AllowedScopes.Contains).ToHashSet(StringComparer.Ordinal);
        var identity = all.Identity.Where(resource => wanted.Contains(resource.Name)).ToList();
        var scopes = all.Scopes.Where(scope => wanted.Contains(scope.Name)).ToList();
        var granted = identity.Concat<Resource>(scopes).Select(resource => resource.Name).ToHashSet(StringComparer.Ordinal);
        if (client.AllowOfflineAccess)
            granted.Add(IdentityServerConstants.StandardScopes.OfflineAccess);
        return new GrantedScopes
        {
            Succeeded = asked.Count > 0 && asked.All(granted.Contains),
            Names = asked.Where(granted.Contains).ToList(),
            Identity = identity,
            Apis = all.Apis.Where(api => api.Scopes.Any(granted.Contains)).ToList(),
        };
    }
}

/// <summary>Those of the scopes asked for that the client may have, and what they stand for.</summary>
internal sealed record GrantedScopes
{
    /// <summary>Whether something was asked for and all of it can be had.</summary>
    public required bool Succeeded { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<IdentityResource> Identity { get; init; }

    public required IReadOnlyList<ApiResource> Apis { get; init; }

    public bool Has(string name) => Names.Contains(name, StringComparer.Ordinal);
}
