using Microsoft.Extensions.Configuration;
using SecureShop.Database;
using SecureShop.Database.Auditing;
using SecureShop.ServiceDefaults.Text;

// Roles, schemas, migrations, seed; or a look at the audit trail. Exits with 0 when all is well, with 1 and one sentence when not.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

try
{
    if (args is [VerifyAudit.Command, ..])
        return await VerifyAudit.RunAsync(args[1..], new ConfigurationBuilder().AddEnvironmentVariables().Build(), TimeProvider.System, Console.Out, stop.Token);
    UnicodeTables.Require();
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
    await new Job(new JobSettings(configuration), TimeProvider.System, Console.Out).RunAsync(stop.Token);
    return 0;
}
catch (UsageException usage)
{
    await Console.Error.WriteLineAsync(usage.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped; what was done stays done.");
    return 1;
}
catch (Exception exception)
{
    await Console.Error.WriteLineAsync(Failures.Describe(exception));
    return 1;
}
