namespace SecureShop.StandIns.IdentityServer;

/// <summary>Where the server's parts are chosen.</summary>
public interface IIdentityServerBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}

internal sealed record IdentityServerBuilder(IServiceCollection Services) : IIdentityServerBuilder;
