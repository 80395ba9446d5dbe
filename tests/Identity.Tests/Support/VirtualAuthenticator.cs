using System.Text.Json;
using Microsoft.Playwright;

namespace SecureShop.Identity.Tests.Support;

/// <summary>A phone that a test holds: the browser's own authenticator for tests, over the DevTools protocol (WebAuthn).</summary>
public sealed class VirtualAuthenticator
{
    private readonly ICDPSession devtools;
    private readonly string id;

    private VirtualAuthenticator(ICDPSession devtools, string id) => (this.devtools, this.id) = (devtools, id);

    /// <summary>Gives one to the page. It says yes to whatever is asked, as a finger on the sensor would.</summary>
    public static async Task<VirtualAuthenticator> AddAsync(IPage page, bool verifies = true)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable", new() { ["enableUI"] = false });
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = verifies,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>The passkeys that it holds, with their private keys, as a thief who copies it would have them.</summary>
    public async Task<IReadOnlyList<JsonElement>> PasskeysAsync()
        => [.. (await devtools.SendAsync("WebAuthn.getCredentials", Mine()))!.Value.GetProperty("credentials").EnumerateArray()];

    /// <summary>Puts a passkey of another one into this one.</summary>
    public Task TakeAsync(JsonElement passkey) => devtools.SendAsync("WebAuthn.addCredential", Mine("credential", passkey));

    /// <summary>Whether its person will pass the check of finger, face or PIN.</summary>
    public Task VerifyAsync(bool passes) => devtools.SendAsync("WebAuthn.setUserVerified", Mine("isUserVerified", passes));

    private Dictionary<string, object> Mine(string? name = null, object? value = null)
    {
        var arguments = new Dictionary<string, object>(StringComparer.Ordinal) { ["authenticatorId"] = id };
        if (name is not null)
            arguments[name] = value!;
        return arguments;
    }
}
