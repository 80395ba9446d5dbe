using SecureShop.AppHost.Child;

// What AppHost.Tests starts: a tiny AppHost of two parts, or one of these parts.
switch (Environment.GetEnvironmentVariable("CHILD"))
{
    case "job":
        Console.WriteLine("the job says hello");
        return int.Parse(Environment.GetEnvironmentVariable("JOB_EXIT") ?? "0");
    case "service":
        await Service.RunAsync();
        return 0;
    default:
        await TinyHost.RunAsync(args);
        return Environment.ExitCode;
}
