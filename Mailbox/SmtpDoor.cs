using System.Buffers;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace SecureShop.Mailbox;

/// <summary>
/// Takes mail by SMTP, as a real mail server would: after STARTTLS alone, and from who shows the password. Another program of this
/// machine must not put a letter into the mailbox that looks like one of the shop's.
/// </summary>
internal sealed class SmtpDoor(IOptions<MailboxOptions> options, Inbox inbox) : IHostedService, IDisposable
{
    private const int MaxBytes = 64 * 1024;

    private readonly TaskCompletionSource<int> port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <summary>The port that it listens on.</summary>
    public Task<int> Port => port.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, started) => port.TrySetResult(((IPEndPoint)started.LocalEndPoint).Port);
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(listeners);
        services.Add(new Store(inbox));
        services.Add((IUserAuthenticator)new DelegatingUserAuthenticator((user, password) => Equal(user, settings.User) & Equal(password, settings.Password)));
        var server = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder()
                .ServerName("localhost")
                .MaxMessageSize(MaxBytes, MaxMessageSizeHandling.Strict)
                .MaxAuthenticationAttempts(3)
                .CommandWaitTimeout(TimeSpan.FromSeconds(30))
                .Endpoint(endpoint => endpoint
                    .Endpoint(new IPEndPoint(IPAddress.Loopback, settings.Port))
                    .Certificate(Read(settings))
                    .SupportedSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13)
                    .SessionTimeout(TimeSpan.FromMinutes(2))
                    .AuthenticationRequired(true)
                    .AllowUnsecureAuthentication(false))
                .Build(),
            services);
        running = server.StartAsync(stop.Token);

        // A port that somebody else has taken ends the start.
        await await Task.WhenAny(running, port.Task).WaitAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stop.Dispose();

    private static X509Certificate2 Read(MailboxOptions settings)
    {
        using var read = X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);

        // Through PKCS#12, because Windows cannot serve TLS with an ephemeral key.
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pfx), password: null);
    }

    private static bool Equal(string shown, string expected)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private sealed class Store(Inbox inbox) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray(), writable: false);
            using var message = await MimeMessage.LoadAsync(stream, cancellationToken);
            foreach (var to in transaction.To)
                inbox.Add(to.AsAddress(), message);
            return SmtpResponse.Ok;
        }
    }
}
