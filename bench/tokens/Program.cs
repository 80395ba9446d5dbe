// What a token costs at Identity, with everything persisted, beside OpenIddict's degraded mode, which keeps nothing: both in this
// process, on Kestrel over HTTPS, asked in turns so that whatever else the machine does meets both alike.
//   dotnet run -c Release --project bench/tokens [-- ROUNDS [TOKENS [CALLERS]]] [--only KIND] [--same-seal] [--statements]
using System.Globalization;
using System.Security.Cryptography;
using SecureShop.Bench.Tokens;
using SecureShop.Testing;

var only = Array.IndexOf(args, "--only") is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var numbers = args.Where(arg => arg is not ("--statements" or "--only" or "--same-seal") && arg != only).ToList();
var rounds = Number(0, otherwise: 12, most: 200);
var tokens = Number(1, otherwise: 1000, most: 100_000);
var callers = Number(2, otherwise: 8, most: 64);
if (rounds == 0 || tokens == 0 || callers == 0 || numbers.Count > 3)
{
    Console.Error.WriteLine("""
        Usage: tokens [ROUNDS [TOKENS [CALLERS]]] [--only KIND] [--same-seal] [--statements]
          ROUNDS        how often each kind of grant is measured at each server (12)
          TOKENS        how many tokens are asked for each time (1000)
          CALLERS       how many requests are under way at once (8)
          --only        kinds of grants whose names contain this: secret, jwt, rotates, bound
          --same-seal   the degraded mode seals refresh tokens as Identity does, not as OpenIddict does of itself (RSA)
          --statements  also write what each grant asks of Postgres
        """);
    return args.Contains("--help") ? 0 : 2;
}

// Identity logs as it always does, and nobody reads it.
var console = Console.Out;
await using var unread = new StreamWriter(Stream.Null);
Console.SetOut(unread);

const string Scope = "offline_access catalog.read";
var secret = RandomNumberGenerator.GetHexString(32);
using var ordersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
await console.WriteLineAsync("Starting Postgres, Redis, Identity and the degraded mode ...");
await using var identity = await IdentityServer.StartAsync(secret, ordersKey);
await using var degraded = await DegradedServer.StartAsync(secret, ordersKey, args.Contains("--same-seal"));
Uri ours = new(identity.Address, "/connect/token");
Uri theirs = new(degraded.Address, "/connect/token");

using var handler = TestCertificate.Handler();
using var http = new HttpMessageInvoker(handler);
using var person = await Person.CreateAsync(identity);
using var prover = new TestProver();
(string, string)[] refresh = [("grant_type", "refresh_token"), ("client_id", "mobile")];
(string, string)[] bySecret = [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", secret), ("scope", "catalog.read")];
(string, string)[] byKey = [("grant_type", "client_credentials"), ("client_id", "orders-service"), ("scope", "catalog.reserve")];
var bare = new TokenClient(http, new(degraded.Address, DegradedServer.Bare), bySecret);
List<Comparison> comparisons =
[
    new("client credentials, client_secret_post", 0.8, new(http, ours, bySecret), new(http, theirs, bySecret)),
    new("client credentials, private_key_jwt", 0.8, new(http, ours, byKey) { Key = ordersKey }, new(http, theirs, byKey) { Key = ordersKey }),
    new(
        "refresh, a token that rotates", 0.4,
        new(http, ours, refresh) { Refresh = await GrantsAsync(null) },
        new(http, theirs, refresh) { Refresh = await FirstAsync() }),
    new(
        "refresh, a token bound to a key (DPoP)", 0.4,
        new(http, ours, refresh) { Refresh = await GrantsAsync(prover), Prover = prover },
        new(http, theirs, [.. refresh, (TokenClient.Bound, "")]) { Refresh = await FirstAsync() }),
];
comparisons.RemoveAll(comparison => !comparison.Name.Contains(only ?? "", StringComparison.Ordinal));

await console.WriteLineAsync("Warming up ...");
await bare.RunAsync(callers, 10_000);
foreach (var comparison in comparisons)
    await comparison.WarmUpAsync(callers, TimeSpan.FromSeconds(60));
foreach (var comparison in comparisons)
    await comparison.CountAsync();

List<Slice> idle = [];
for (var round = 0; round < rounds; round++)
{
    await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Round {round + 1} of {rounds}"));
    idle.Add(await bare.RunAsync(callers, tokens));
    foreach (var comparison in comparisons)
        await comparison.MeasureAsync(callers, tokens, oursFirst: round % 2 == 0);
}

await console.WriteLineAsync(string.Create(
    CultureInfo.InvariantCulture, $"\n{Environment.ProcessorCount} cores, {callers} callers, {rounds} rounds of {tokens} tokens of each kind at each server"));
await console.WriteLineAsync($"{"",-42} {"tokens/s",9} {"p50 ms",8} {"p99 ms",8} {"KB/token",9} {"statements",11}");
await console.WriteLineAsync($"{"a form and an answer, and nothing else",-42} {Comparison.Line(Slice.Sum(idle), 0)}");
foreach (var comparison in comparisons)
    await comparison.WriteAsync(console, Slice.Sum(idle).BytesPerRequest, args.Contains("--statements"));
return comparisons.TrueForAll(comparison => comparison.Passes) ? 0 : 1;

async Task<string[]> GrantsAsync(TestProver? bound)
{
    var grants = new string[callers];
    for (var caller = 0; caller < callers; caller++)
        grants[caller] = await person.GrantAsync(Scope, bound);
    return grants;
}

async Task<string[]> FirstAsync()
{
    var grants = Enumerable.Repeat("", callers).ToArray();
    var first = new TokenClient(http, theirs, ("grant_type", DegradedServer.FirstGrant), ("client_id", "mobile"), ("scope", "catalog.read")) { Refresh = grants };
    for (var caller = 0; caller < callers; caller++)
        await first.AskAsync(caller);
    return grants;
}

int Number(int index, int otherwise, int most) => numbers.Count <= index
    ? otherwise
    : int.TryParse(numbers[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : 0;
