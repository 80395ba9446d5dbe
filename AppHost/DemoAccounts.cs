using SecureShop.ServiceDefaults;

namespace SecureShop.AppHost;

/// <summary>Accounts to try the shop with. Their passwords are made on the first run, kept, and shown at each start.</summary>
internal static class DemoAccounts
{
    /// <summary>Has the Database job create them, and shows how to sign in once the system is up.</summary>
    public static void AddDemoUsers(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> database, IResourceBuilder<ProjectResource> welcomeAt)
    {
        var passwords = DemoUsers.All.ToDictionary(user => user, user => builder.AddParameter(
            $"demo-{user.Name}-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true));

        foreach (var (user, password) in passwords)
            database.WithEnvironment($"Seed__Users__{user.Name}", password);

        welcomeAt.OnResourceReady(async (gateway, _, cancellation) =>
        {
            var lines = new List<string>
            {
                "",
                $"  Shop      {gateway.GetEndpoint("shop").Url}/api/catalog/products",
                $"  Identity  {gateway.GetEndpoint("identity").Url}/.well-known/openid-configuration",
                "",
                "  Sign in as (passwords were made for this machine alone and stay the same between runs):",
            };
            foreach (var (user, password) in passwords)
                lines.Add($"    {user.Email,-28}{await password.Resource.GetValueAsync(cancellation),-24}{user.Role}");
            lines.Add("");
            await Console.Out.WriteLineAsync(string.Join(Environment.NewLine, lines).AsMemory(), cancellation);
        });
    }
}
