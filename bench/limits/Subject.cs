using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Limits;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.Testing;

namespace SecureShop.Bench.Limits;

/// <summary>A gateway's limits, one for an address and one for a person, and how many decisions they made.</summary>
internal sealed class Subject : IAsyncDisposable
{
    private readonly List<(double PerSecond, double Cpu)> rounds = [];
    private readonly ServiceProvider services;
    private readonly RequestLimits limits;
    private readonly string name;

    public Subject(string name, string redis, bool ahead, int permits)
    {
        this.name = name;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", redis), new("Services:TrustedRoots", TestCertificate.RootFile)]);
        builder.AddShopRedis();
        services = builder.Services.AddLogging().AddSingleton<SecurityLog>().BuildServiceProvider();
        LimitPolicy Policy(Partition partition) => new()
        {
            Partition = partition,
            Permits = permits,
            Burst = permits,
            Window = permits == 1 ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(1),
        };
        limits = new(
            Options.Create(new LimitOptions
            {
                Policies = { ["address"] = Policy(Partition.Address), ["subject"] = Policy(Partition.Subject) },
                TakeAhead = ahead,
                Space = Guid.NewGuid().ToString("N"),
            }),
            services.GetRequiredService<ShopRedis>(),
            TimeProvider.System,
            services.GetRequiredService<SecurityLog>());
    }

    public IEnumerable<double> PerSecond => rounds.Select(round => round.PerSecond);

    /// <summary>In microseconds of this process for each decision.</summary>
    public IEnumerable<double> Cpu => rounds.Select(round => round.Cpu);

    /// <summary>What came before was to warm up.</summary>
    public void Forget() => rounds.Clear();

    public async Task RunAsync(TimeSpan duration, int atOnce, int callers)
    {
        var (cpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var made = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(worker => Task.Run(async () =>
        {
            var (address, subject) = ($"203.0.113.{worker % callers}", $"sub:{worker % callers}");
            var count = 0L;
            for (; Stopwatch.GetElapsedTime(began) < duration; count++)
                await limits.DecideAsync(LimitClass.Read, limits.ClaimsOf(LimitClass.Read, partition => partition == Partition.Address ? address : subject));
            return count;
        })));
        rounds.Add((made.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / made.Sum()));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    public override string ToString() => $"{name,-26} {PerSecond.Average(),11:0} {Cpu.Average(),13:0.0}";
}
