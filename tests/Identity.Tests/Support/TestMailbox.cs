extern alias mailbox;

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using mailbox::SecureShop.Mailbox;
using Microsoft.Extensions.Options;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests.Support;

/// <summary>A letter as it arrived.</summary>
public sealed record TestLetter(string To, string Subject, string Text)
{
    /// <summary>The path and query of the link on a line of its own.</summary>
    public string Link => new Uri(Text.ReplaceLineEndings("\n").Split('\n').Single(line => line.StartsWith("https://", StringComparison.Ordinal))).PathAndQuery;
}

/// <summary>A mail server: that of a local run, by SMTP with TLS, without its page.</summary>
public sealed class TestMailbox : IAsyncDisposable
{
    private const string User = "identity";
    private static readonly Lazy<Task<TestMailbox>> Shared = new(() => StartAsync());

    private readonly ConcurrentDictionary<string, Channel<TestLetter>> arrived = new(StringComparer.OrdinalIgnoreCase);
    private readonly SmtpDoor door;

    private TestMailbox(CertificateFiles certificate)
    {
        var options = new MailboxOptions { Port = 0, User = User, Password = Password, Certificate = certificate.CertificatePath, Key = certificate.KeyPath };
        door = new(Options.Create(options), new Inbox(TimeProvider.System, mail => For(mail.To).Writer.TryWrite(new(mail.To, mail.Subject, mail.Text))));
    }

    public int Port { get; private set; }

    public string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>What a host needs to send by it.</summary>
    public (string Name, string? Value)[] Settings =>
    [
        ("Mail:Server", "localhost"), ("Mail:Port", Port.ToString(CultureInfo.InvariantCulture)), ("Mail:Security", "StartTls"),
        ("Mail:From", "SecureShop <accounts@shop.example>"), ("Mail:User", User), ("Mail:Password", Password), ("Mail:TrustedRoots", TestCertificate.RootFile),
    ];

    /// <summary>The one that all hosts of an assembly send by unless they are told otherwise.</summary>
    public static Task<TestMailbox> SharedAsync() => Shared.Value;

    public static async Task<TestMailbox> StartAsync(CertificateFiles? certificate = null)
    {
        var mailbox = new TestMailbox(certificate ?? TestCertificate.Files);
        await mailbox.door.StartAsync(CancellationToken.None);
        mailbox.Port = await mailbox.door.Port;
        return mailbox;
    }

    /// <summary>The next letter to an address that nobody has taken yet; waits for it.</summary>
    public async Task<TestLetter> NextAsync(string to)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await For(to).Reader.ReadAsync(patience.Token);
    }

    /// <summary>How many letters to an address nobody has taken yet.</summary>
    public int Waiting(string to) => For(to).Reader.Count;

    public async ValueTask DisposeAsync()
    {
        await door.StopAsync(CancellationToken.None);
        door.Dispose();
    }

    private Channel<TestLetter> For(string address)
    {
        // Mail knows a domain as the DNS does.
        var parts = address.Normalize(NormalizationForm.FormKC).Split('@');
        return arrived.GetOrAdd($"{parts[0]}@{new IdnMapping().GetAscii(parts[^1])}", _ => Channel.CreateUnbounded<TestLetter>());
    }
}
