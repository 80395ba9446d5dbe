// How long the sign-in page and the right password take, beside the hash of a password; and whether the time of a refused sign-in tells
// an address that has an account from one that has none: wrong passwords for both, in pairs that are sent at once. All to the identity
// server of a system that this program starts by itself.
//   dotnet run -c Release --project bench/signin [-- ROUNDS]
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SecureShop.Bench.Load;
using SecureShop.Bench.SignIn;

// An account may be guessed at twenty times a quarter of an hour at most, whatever is configured.
const int Most = 20;
const int Times = 300;
const int WarmUp = 30;
var rounds = args.Length == 0 ? Most : int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) ? asked : 0;
if (rounds is < 1 or > Most || args.Length > 1)
{
    Console.Error.WriteLine($"Usage: signin [ROUNDS], 1 to {Most}.");
    return 2;
}

await using var shop = await Shop.StartAsync("--no-dashboard");
using var page = await SignInPage.OpenAsync(shop.Identity, shop.Trust);
string[] people = ["alice", "bob", "sam", "selma", "susan", "adam"];
await page.RefusedAsync("warm-up@people.example");

// A browser of its own each time: the page belongs to who is not signed in.
List<double> opened = [];
List<double> signedIn = [];
List<double> hashed = [];
for (var time = -WarmUp; time < Times; time++)
{
    using var browser = await SignInPage.OpenAsync(shop.Identity, shop.Trust);
    var (open, sign, hash) = (await browser.OpenedAsync(), await browser.SignedInAsync(shop.Customer.Email, shop.Customer.Password), Hashing());
    if (time < 0)
        continue;
    opened.Add(open);
    signedIn.Add(sign);
    hashed.Add(hash);
}

Console.WriteLine($"one after the other, {Times} times, in ms");
Console.WriteLine("                      least      p5     p50     p95     p99    most");
Print("the page", opened);
Print("the right password", signedIn);
Print("the hash alone", hashed);
Console.WriteLine();

List<double> known = [];
List<double> unknown = [];
for (var round = 0; round < rounds; round++)
{
    foreach (var person in people)
    {
        var pair = await Task.WhenAll(page.RefusedAsync($"{person}@secureshop.example"), page.RefusedAsync($"{person}@people.example"));
        known.Add(pair[0]);
        unknown.Add(pair[1]);
    }
}

Console.WriteLine($"{known.Count} refused sign-ins of each kind, in ms");
Console.WriteLine("                      least      p5     p50     p95     p99    most");
Print("with an account", known);
Print("without one", unknown);

// 0.5 tells nothing; 0 or 1 tells every account from every made-up address.
var slower = known.Sum(one => unknown.Sum(other => one > other ? 1 : one < other ? 0 : 0.5)) / known.Count / unknown.Count;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"with an account is the slower one of two in {slower:0.000} of all cases"));
return 0;

// As the identity server hashes (Identity/Data/IdentityData.cs).
static double Hashing()
{
    var started = Stopwatch.GetTimestamp();
    Rfc2898DeriveBytes.Pbkdf2("as long as any password", new byte[16], 220_000, HashAlgorithmName.SHA512, 32);
    return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
}

static void Print(string name, List<double> times)
{
    var sorted = times.Order().ToList();
    double At(double share) => sorted[(int)Math.Ceiling(share * (sorted.Count - 1))];
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-18} {At(0),8:0.0}{At(.05),8:0.0}{At(.5),8:0.0}{At(.95),8:0.0}{At(.99),8:0.0}{At(1),8:0.0}"));
}
