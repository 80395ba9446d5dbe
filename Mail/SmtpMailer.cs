using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace SecureShop.Mail;

/// <summary>Hands letters to the mail server: over TLS whose certificate holds, or not at all.</summary>
internal sealed class SmtpMailer(IOptions<MailOptions> options, TimeProvider clock)
{
    /// <summary>The longest that one letter may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly MailOptions server = options.Value;
    private readonly X509ChainPolicy? roots = options.Value.TrustedRoots is { Length: > 0 } file ? TrustOnly(file) : null;

    /// <summary>Returns once the mail server has taken the letter, under an id that stays the same when it is sent again.</summary>
    public async Task SendAsync(Guid id, Letter letter, CancellationToken cancellationToken)
    {
        using var message = Compose(id, letter);
        using var limit = new CancellationTokenSource(Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = new SmtpClient { SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
        if (roots is not null)
            client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsVouchedFor(certificate, errors);

        // StartTls, never StartTlsWhenAvailable: whoever stands in between takes the offer out of the answer, and reads along.
        var security = server.Security == MailSecurity.Tls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls;
        await client.ConnectAsync(server.Server, server.Port, security, both.Token);
        if (server.User is { Length: > 0 } user)
            await client.AuthenticateAsync(user, server.Password!, both.Token);

        // Where the domain alone is international it goes as the DNS knows it (RFC 5890), which every server takes; SMTPUTF8 is for the rest.
        if (Ascii.IsValid(((MailboxAddress)message.To[0]).LocalPart))
            client.Capabilities &= ~SmtpCapabilities.UTF8;
        await client.SendAsync(message, both.Token);
        await client.DisconnectAsync(quit: true, both.Token);
    }

    /// <summary>
    /// The letter as it travels. Headers are written by the library, which takes no line break in an address and encodes one in a
    /// subject: nobody gets a header, or a second recipient, into it.
    /// </summary>
    internal MimeMessage Compose(Guid id, Letter letter)
    {
        var sender = server.Sender;
        var message = new MimeMessage
        {
            From = { sender },
            To = { new MailboxAddress("", letter.To) },
            Subject = letter.Subject,
            Date = clock.GetUtcNow(),
            MessageId = $"{id:N}@{sender.Domain}",
            Body = new TextPart("plain") { Text = letter.Text },
        };

        // Out-of-office replies and the like are answered to no machine (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private bool IsVouchedFor(X509Certificate? certificate, SslPolicyErrors errors)
    {
        // Another server's certificate is no better for being of the right authority.
        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain { ChainPolicy = roots!.Clone() };
        return chain.Build(leaf);
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        // Own authorities publish no revocation lists.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
