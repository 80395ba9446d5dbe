using SecureShop.Deployment;

// What azd's hooks run. Exit code 0: done. 1: one sentence on the error stream says what to do next. 2: the command line is wrong.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

var settings = new AzdSettings(Environment.GetEnvironmentVariable);
return await new CommandLine(settings, () => ArmClient.Connect(TimeProvider.System), TimeProvider.System, Console.In, Console.Out, Console.Error)
    .RunAsync(args, stop.Token);
