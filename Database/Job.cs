using System.Diagnostics;
using SecureShop.Database.Seeding;

namespace SecureShop.Database;

/// <summary>Everything the job does, in order, under one lock: a second copy waits, then finds nothing to do.</summary>
internal sealed class Job(JobSettings settings, TimeProvider clock, TextWriter output)
{
    /// <summary>Any number that no other program locks by in this database.</summary>
    private const long Lock = 0x5EC0_2E5B_09DA_7ABA;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        await using var admin = await AdminConnection.OpenAsync(settings.ConnectionString, clock, output, cancellationToken);
        await Sql.ScalarAsync<string>(admin, "select pg_advisory_lock($1)::text", [Lock], cancellationToken);
        await StepAsync("connected", watch);

        await RolesStep.RunAsync(admin, Schemas.All, settings.PasswordOf, cancellationToken);
        await StepAsync($"roles and schemas are set for {string.Join(", ", Schemas.All.Select(schema => schema.Name))}", watch);

        foreach (var schema in Schemas.All)
        {
            var ran = await MigrationsStep.RunAsync(admin, schema, cancellationToken);
            await StepAsync(ran == 0 ? $"{schema.Name} is up to date" : $"{schema.Name}: {ran} migration(s) applied", watch);
            await ViewsStep.RunAsync(admin, schema, cancellationToken);
            var secured = await PoliciesStep.RunAsync(admin, schema, cancellationToken);
            if (secured > 0)
                await StepAsync($"{schema.Name}: row-level security is set on {secured} table(s)", watch);
        }

        var (done, shared) = await SealingStep.RunAsync(admin, settings.Seed, clock, cancellationToken);
        if (done > 0)
            await StepAsync($"{done} accounts sealed, {shared} of them found by their own spelling alone because another has the address", watch);

        var added = await CatalogSeed.RunAsync(admin, "catalog_migrator", clock, cancellationToken);
        await StepAsync(added == 0 ? "products were seeded before" : $"{added} products seeded", watch);
        var made = await DemoUsersSeed.RunAsync(admin, "identity_migrator", settings.DemoUsers, settings.Seed, clock, cancellationToken);
        await StepAsync(made ? $"{settings.DemoUsers.Count} demo users seeded" : "no new demo users", watch);
        await output.WriteLineAsync("The database is ready.");
    }

    private async Task StepAsync(string what, Stopwatch watch)
    {
        await output.WriteLineAsync($"{what} ({watch.ElapsedMilliseconds} ms)");
        watch.Restart();
    }
}
