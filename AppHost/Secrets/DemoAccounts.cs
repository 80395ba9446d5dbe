using SecureShop.Database.Seeding;

namespace SecureShop.AppHost;

/// <summary>Accounts to try the shop with. What they sign in by is made on the first run, kept, and shown at each start.</summary>
internal static class DemoAccounts
{
    /// <summary>The parameter that holds a user's password.</summary>
    public static string PasswordOf(DemoUser user) => $"demo-{user.Name}-password";

    /// <summary>The parameter that holds the key of a user's authenticator app.</summary>
    public static string AuthenticatorKeyOf(DemoUser user) => $"demo-{user.Name}-authenticator-key";

    /// <summary>Has the Database job create them.</summary>
    public static IResourceBuilder<ProjectResource> WithDemoUsers(
        this IResourceBuilder<ProjectResource> database, IDistributedApplicationBuilder builder, KeptSecrets kept)
    {
        foreach (var user in DemoUsers.All)
        {
            database.WithEnvironment($"Seed__Users__{user.Name}", kept.AddSecret(builder, PasswordOf(user)));
            if (user.HasAuthenticator)
                database.WithEnvironment($"Seed__Users__{user.Name}__AuthenticatorKey", kept.AddAuthenticatorKey(builder, AuthenticatorKeyOf(user)));
        }

        return database;
    }
}
