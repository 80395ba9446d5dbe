namespace SecureShop.AppHost;

/// <summary>People to try the shop as. Their passwords are made on the first run, kept, and shown at each start.</summary>
internal static class DemoUsers
{
    private static readonly (string Name, string Role)[] People =
    [
        ("alice", "customer"), ("bob", "customer"), ("sam", "seller"), ("selma", "seller"), ("susan", "support"), ("adam", "admin"),
    ];

    /// <summary>Has the Database job create them, and shows how to sign in once the system is up.</summary>
    public static void AddDemoUsers(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> database, IResourceBuilder<ProjectResource> welcomeAt)
    {
        var passwords = People.ToDictionary(person => person.Name, person => builder.AddParameter(
            $"demo-{person.Name}-password", new GenerateParameterDefault { MinLength = 20, Special = false }, secret: true, persist: true));

        foreach (var (name, password) in passwords)
            database.WithEnvironment($"Seed__Users__{name}", password);

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
            foreach (var (name, role) in People)
                lines.Add($"    {name + "@secureshop.example",-28}{await passwords[name].Resource.GetValueAsync(cancellation),-24}{role}");
            lines.Add("");
            await Console.Out.WriteLineAsync(string.Join(Environment.NewLine, lines).AsMemory(), cancellation);
        });
    }
}
