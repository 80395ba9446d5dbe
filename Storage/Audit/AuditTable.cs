using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.Audit;

/// <summary>Security events as rows of the service's own schema.</summary>
public static class AuditTable
{
    /// <summary>Keeps the service's security events, of ids from <paramref name="first"/> to <paramref name="last"/>, and who named what is not theirs, in the schema of <typeparamref name="TContext"/>; of these, <paramref name="kept"/> by <see cref="AuditTrail"/> alone.</summary>
    public static void AddAudit<TContext>(this IHostApplicationBuilder builder, int first, int last, params int[] kept)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<AuditQueue>(provider => new(provider.GetRequiredService<TimeProvider>(), first, last, kept));
        builder.Services.AddSingleton<ISecurityEventSink>(provider => provider.GetRequiredService<AuditQueue>());
        builder.AddValidatedOptions<AuditOptions, AuditOptions.Validator>(AuditOptions.Section);

        // Stopped in the opposite order: what the writer has written last is signed too.
        builder.Services.AddSingleton<CheckpointWriter>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CheckpointWriter>());
        if (kept is { Length: > 0 })
        {
            builder.Services.AddSingleton<AuditTrail>();
            builder.Services.AddCommitSignal<TContext, WaitingAuditRow>();
            builder.Services.AddSingleton<AuditForwarder<TContext>>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<AuditForwarder<TContext>>());
        }

        builder.Services.AddHostedService<AuditWriter<TContext>>();
    }

    /// <summary>Adds the table to a model.</summary>
    public static void MapAudit(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new AuditMapping());
    }

    /// <summary>Adds the table of events that wait for it, where transactions keep some (<see cref="AuditTrail"/>).</summary>
    public static void MapWaitingAudit(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new WaitingAuditMapping());
    }

    /// <summary>What the table says about somebody, the newest first.</summary>
    public static IQueryable<AuditRow> AuditAbout(this DbContext database, Guid person)
    {
        ArgumentNullException.ThrowIfNull(database);
        var subject = person.ToString();
        return database.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == subject).OrderByDescending(row => row.Id);
    }
}
