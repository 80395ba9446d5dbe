using Microsoft.Extensions.Configuration;
using SecureShop.Database;
using SecureShop.ServiceDefaults.Text;

// Roles, schemas, migrations, seed. Exits with 0 when the database is ready, with 1 and one sentence when not.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

try
{
    UnicodeTables.Require();
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
    await new Job(new JobSettings(configuration), TimeProvider.System, Console.Out).RunAsync(stop.Token);
    return 0;
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
