using System.Collections.Concurrent;
using System.Net;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Makes the clients of a journey. The ledger remembers every credential that passes them.</summary>
internal sealed class Cast(ShopRun run, SecretLedger ledger)
{
    private readonly ConcurrentQueue<IPAddress> addresses = new();

    public ShopRun Run => run;

    public SecretLedger Ledger => ledger;

    /// <summary>Where the clients came from; none where loopback has but one address.</summary>
    public IReadOnlyCollection<IPAddress> Addresses => addresses;

    public Browser Browser(bool comesBack = true) => new(run.Place, NewAddress(), new SecretRecorder(ledger), comesBack);

    public Shopper Guest(Uri? at = null, bool comesBack = true) => Shopper(null, at, comesBack);

    public Shopper Shopper(string? token, Uri? at = null, bool comesBack = true) =>
        new(Trust.Client(run.Place.CertificatePath, at ?? run.Place.Shop, NewAddress(), watcher: new SecretRecorder(ledger), comesBack: comesBack), token);

    public async Task<Tokens> SignInAsync(string name)
    {
        using var browser = Browser();
        return await browser.SignInAsync($"{name}@secureshop.example", run.Place.Secrets[$"demo-{name}-password"], ShopSystem.EveryScope, run.Place.Secrets.GetValueOrDefault($"demo-{name}-authenticator-key"));
    }

    private IPAddress? NewAddress()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var address = Trust.NextAddress();
        addresses.Enqueue(address);
        return address;
    }
}
