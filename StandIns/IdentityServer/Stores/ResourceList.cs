namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>What clients can ask for.</summary>
internal sealed record ResourceList(IEnumerable<IdentityResource> Identity, IEnumerable<ApiResource> Apis, IEnumerable<ApiScope> Scopes);
