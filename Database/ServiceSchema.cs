using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using SecureShop.Database.Policies;

namespace SecureShop.Database;

/// <summary>One service's corner of the database: a schema, the role that owns it, the role the service logs in as.</summary>
internal sealed record ServiceSchema(string Name, Type ContextType, Func<NpgsqlConnection, DbContext> OpenContext)
{
    /// <summary>The table, in each schema, of the migrations that have run. Not the services' business.</summary>
    public const string History = "__migrations";

    /// <summary>Owns the schema and cannot log in; this job takes it on with SET ROLE.</summary>
    public string Migrator => $"{Name}_migrator";

    /// <summary>What the service logs in as: reads and writes rows, changes no table.</summary>
    public string App => $"{Name}_app";

    /// <summary>Tables whose rows come with migrations and that the service may only read.</summary>
    public IReadOnlyList<string> ReadOnlyTables { get; init; } = [];

    /// <summary>Tables that the service may add to and read, whose rows it can neither change nor remove.</summary>
    public IReadOnlyList<string> AppendOnlyTables { get; init; } = [];

    /// <summary>What the owner does for the service, which may call these and no other function of the schema.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Who may see and change which rows; every table has its rule.</summary>
    public required IReadOnlyList<TableRule> Rules { get; init; }

    /// <summary>What does not go by the policies of its tables.</summary>
    public IReadOnlyList<OwnerView> Views { get; init; } = [];

    /// <summary>The migrations compiled into the service, read without building EF's model: that costs most of a warm run.</summary>
    public IReadOnlyList<string> Migrations { get; } =
        [.. from type in ContextType.Assembly.GetTypes()
            where type.GetCustomAttribute<DbContextAttribute>()?.ContextType == ContextType
            let id = type.GetCustomAttribute<MigrationAttribute>()?.Id
            where id is not null
            orderby id
            select id];

    /// <summary>Describes the schema <paramref name="name"/>, which <typeparamref name="TContext"/> maps.</summary>
    public static ServiceSchema For<TContext>(string name, IReadOnlyList<TableRule> rules)
        where TContext : DbContext
        => new(name, typeof(TContext), connection => (DbContext)Activator.CreateInstance(
            typeof(TContext),
            new DbContextOptionsBuilder<TContext>()
                .UseNpgsql(connection, npgsql => npgsql.MigrationsHistoryTable(History, name).CommandTimeout(300))
                .UseSnakeCaseNamingConvention()
                .ReplaceService<IHistoryRepository, HistoryTable>()
                .Options)!)
        {
            Rules = rules,
        };
}
