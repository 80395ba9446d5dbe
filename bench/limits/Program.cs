// What a decision of the gateway's limits costs: with permits taken ahead from Redis, with a step to Redis for each, for who is known
// to have asked too often, and without Redis. In turns within one run, over a Redis with TLS that this program starts.
//   dotnet run -c Release --project bench/limits [-- ROUNDS [SECONDS [CALLS AT ONCE [CALLERS]]]]
using System.Globalization;
using SecureShop.Bench.Limits;
using SecureShop.Bench.Load;
using SecureShop.Testing;

int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

var (rounds, slice, atOnce, callers) = (Number(0, 10), TimeSpan.FromSeconds(Number(1, 1)), Number(2, 32), Number(3, 20));
using var servers = new TestServers();
await using var redis = await servers.StartRedisAsync(CancellationToken.None);
await using var each = new Subject("a step to Redis for each", redis.ConnectionString, ahead: false, permits: 100_000_000);
await using var ahead = new Subject("permits taken ahead", redis.ConnectionString, ahead: true, permits: 100_000_000);
await using var hopeless = new Subject("hopeless callers", redis.ConnectionString, ahead: true, permits: 1);
await using var alone = new Subject("without Redis", "localhost:1,ssl=true", ahead: true, permits: 100_000_000);
Subject[] subjects = [each, ahead, hopeless, alone];

foreach (var subject in subjects)
    await subject.RunAsync(slice, atOnce, callers);
subjects.ToList().ForEach(subject => subject.Forget());
for (var round = 0; round < rounds; round++)
{
    // There and back again: what changes steadily meets all alike.
    foreach (var subject in round % 2 == 0 ? subjects : subjects.Reverse())
        await subject.RunAsync(slice, atOnce, callers);
}

Console.WriteLine($"{atOnce} at once, {callers} callers, two limits a request, {rounds} rounds of {slice.TotalSeconds:0} s each");
Console.WriteLine("                           decisions/s   CPU us each");
foreach (var subject in subjects)
    Console.WriteLine(subject);
Console.WriteLine();
Console.WriteLine($"ahead / each, decisions/s  {Ratio.Of(ahead.PerSecond.Zip(each.PerSecond, (mine, theirs) => mine / theirs))}");
Console.WriteLine($"ahead / each, CPU          {Ratio.Of(ahead.Cpu.Zip(each.Cpu, (mine, theirs) => mine / theirs))}");
