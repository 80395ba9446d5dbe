using Microsoft.Extensions.Configuration;
using Npgsql;
using SecureShop.Database.Seeding;

namespace SecureShop.Database;

/// <summary>What the job is told: the administrator's connection and the passwords to set.</summary>
internal sealed class JobSettings(IConfiguration configuration)
{
    /// <summary>The administrator's connection to the database <c>shop</c>.</summary>
    public string ConnectionString { get; } = Administrator(
        configuration.GetConnectionString("shop") ?? throw new JobException(
            "There is no connection string: set ConnectionStrings:shop to the administrator's connection."));

    /// <summary>The password for an app role.</summary>
    public string PasswordOf(string role) => configuration[$"Roles:{role}"] switch
    {
        { Length: >= 16 } password when password.All(character => character is > ' ' and <= '~') => password,
        null => throw new JobException($"There is no password for the role {role}: set Roles:{role}."),
        _ => throw new JobException($"The password for the role {role} is unfit: make Roles:{role} at least 16 printable ASCII characters."),
    };

    /// <summary>What each demo user signs in by; a shop without demo users is given none.</summary>
    public IReadOnlyDictionary<DemoUser, DemoSecrets> DemoUsers { get; } = Seeding.DemoUsers.All
        .Select(user => (User: user, Secrets: new DemoSecrets(configuration[$"Seed:Users:{user.Name}"] ?? "", configuration[$"Seed:Users:{user.Name}:AuthenticatorKey"])))
        .Where(pair => pair.Secrets.Password.Length > 0)
        .ToDictionary(pair => pair.User, pair => pair.Secrets);

    /// <summary>Has Identity's keys, by which the job seals: of accounts, and the certificate of the key ring for authenticator keys of demo users. Looked for where there are some.</summary>
    public IConfiguration Seed { get; } = configuration.GetSection("Seed");

    /// <summary>One connection, not pooled: the lock and the role it takes must end with it.</summary>
    private static string Administrator(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        ApplicationName = "secureshop-database",
        CommandTimeout = 300,
        IncludeErrorDetail = false,
        PersistSecurityInfo = false,
    }.ConnectionString;
}
