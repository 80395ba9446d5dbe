namespace SecureShop.AppHost;

/// <summary>Secrets are generated on the first run and kept outside the repository; a deployment asks for them.</summary>
internal static class Secrets
{
    /// <summary>A random value of about 190 bits, of letters and digits so that no connection string needs quoting.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    /// <summary>A private key. It cannot be made up by a manifest, so a deployment asks for it.</summary>
    public static IResourceBuilder<ParameterResource> AddKeyPair(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode
            ? builder.AddParameter(name, new KeyPair(), secret: true, persist: true)
            : builder.AddParameter(name, secret: true);

    /// <summary>Hands out the public part of a key pair: derived when running, a parameter of its own when deploying.</summary>
    public static IResourceBuilder<ProjectResource> WithPublicKey(
        this IResourceBuilder<ProjectResource> service, string variable, IResourceBuilder<ParameterResource> keyPair)
    {
        var builder = service.ApplicationBuilder;
        return builder.ExecutionContext.IsRunMode
            ? service.WithEnvironment(async context => context.EnvironmentVariables[variable] =
                KeyPair.PublicPart(await keyPair.Resource.GetValueAsync(context.CancellationToken)))
            : service.WithEnvironment(variable, builder.AddParameter($"{keyPair.Resource.Name}-public"));
    }

    /// <summary>A public address of the system, without a trailing slash: local, or the domain that a deployment asks for.</summary>
    public static ReferenceExpression AddOrigin(this IDistributedApplicationBuilder builder, string name, int localPort) =>
        builder.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create($"{builder.AddParameter($"{name}-origin", $"https://localhost:{localPort}")}")
            : ReferenceExpression.Create($"https://{builder.AddParameter($"{name}-domain")}");

    /// <summary>A service's own login to Postgres. The pool is small, since the server bounds what a role may hold over all replicas.</summary>
    public static AppRole AddAppRole(this IDistributedApplicationBuilder builder, string service, Stores stores)
    {
        var password = builder.AddSecret($"{service}-app-password");
        return new AppRole(
            builder.AddConnectionString($"{service}db", ReferenceExpression.Create(
                $"{stores.Server};Database=shop;Username={service}_app;Password={password};SSL Mode=VerifyFull;Maximum Pool Size=8")),
            password);
    }
}

/// <summary>A database role that a service logs in as.</summary>
internal sealed record AppRole(IResourceBuilder<ConnectionStringResource> Login, IResourceBuilder<ParameterResource> Password);
