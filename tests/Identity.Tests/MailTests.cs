using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;
using SecureShop.Identity.Data;
using SecureShop.Identity.Mail;
using SecureShop.Identity.Tests.Support;
using SecureShop.Mail;
using SecureShop.Storage.Workers;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>Letters are sent once, lost never, and read by nobody on the way.</summary>
public sealed class MailTests(PostgresFixture postgres)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_send_each_letter_once()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        await using var one = await IdentityHost.StartOnAsync(database);
        await using var other = await IdentityHost.StartOnAsync(database);
        var mailbox = await TestMailbox.SharedAsync();
        var people = Enumerable.Range(0, 30).Select(_ => Address()).ToList();

        await Parallel.ForEachAsync(people, Cancellation, async (person, _) => await AddAsync(people.IndexOf(person) % 2 == 0 ? one : other, person));

        foreach (var person in people)
            Assert.Equal("A subject", (await mailbox.NextAsync(person)).Subject);
        await EmptyAsync(database);
        Assert.All(people, person => Assert.Equal(0, mailbox.Waiting(person)));
        Assert.Equal(0, one.Log.Count(4131) + other.Log.Count(4131));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task While_the_server_is_away_letters_wait_unread_and_then_arrive()
    {
        var clock = new TestClock();
        await using var mailbox = await TestMailbox.StartAsync();
        await using var line = new CutLine(mailbox.Port);
        await using var host = await IdentityHost.StartAtAsync(
            await IdentityHost.MigratedAsync(postgres), clock, [.. mailbox.Settings, ("Mail:Port", $"{line.Port}")]);
        using var browser = host.Browse();
        var email = Address();
        await browser.RegisterAsync(email);
        await UntilAsync(() => host.Log.Count(4131) > 0);

        // What a dump of the table shows is not the letter; with the key ring it is.
        await using var context = IdentityHost.Context(host.Database);
        var row = await context.Set<MailRow>().SingleAsync(Cancellation);
        var dump = Encoding.Latin1.GetString(row.Content);
        Assert.DoesNotContain(email, dump, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("token", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(email))[..^2], dump, StringComparison.Ordinal);
        Assert.Equal(email, host.Services.GetRequiredService<LetterSeal>().Open(row.Content).To);
        Assert.DoesNotContain(email, host.Log.Text, StringComparison.OrdinalIgnoreCase);

        line.Mend();
        clock.Advance(TimeSpan.FromMinutes(2));
        host.Services.GetRequiredService<CommitSignal<MailRow>>().Wake();
        Assert.Contains("/account/confirm-email?", (await mailbox.NextAsync(email)).Link, StringComparison.Ordinal);
        await EmptyAsync(host.Database);
    }

    [Fact]
    public async Task After_a_day_a_letter_is_given_up_and_those_who_watch_are_told()
    {
        var clock = new TestClock();
        await using var host = await IdentityHost.StartAtAsync(await IdentityHost.MigratedAsync(postgres), clock, ("Mail:Port", "1"));
        await AddAsync(host, Address());
        await UntilAsync(() => host.Log.Count(4131) == 1);
        Assert.Equal(0, host.Log.Count(4038));

        clock.Advance(MailDispatcher.LongestWait);
        host.Services.GetRequiredService<CommitSignal<MailRow>>().Wake();
        await EmptyAsync(host.Database);
        Assert.Equal((2, 1), (host.Log.Count(4131), host.Log.Count(4038)));
    }

    [Fact]
    public async Task What_is_no_address_is_given_up_at_once()
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        await AddAsync(host, "nobody\r\nRCPT TO:<victim@people.example>");
        await EmptyAsync(host.Database);
        Assert.Equal((1, 1), (host.Log.Count(4131), host.Log.Count(4038)));
        Assert.DoesNotContain("victim", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task Another_server_than_the_named_one_gets_nothing()
    {
        using var other = X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(IdentityHost.KeyCertificate), password: null);
        var roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, other.ExportCertificatePem(), Cancellation);
        await using var impostor = await TestMailbox.StartAsync();
        await using var host = await IdentityHost.StartAsync(postgres, [.. impostor.Settings, ("Mail:TrustedRoots", roots)]);
        File.Delete(roots);
        var email = Address();
        await AddAsync(host, email);
        await UntilAsync(() => host.Log.Count(4131) > 0);
        Assert.Contains("SslHandshakeException", host.Log.Text, StringComparison.Ordinal);
        Assert.Equal(0, impostor.Waiting(email));
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task A_server_that_offers_no_encryption_hears_neither_password_nor_letter()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = HearAsync();
        await using var host = await IdentityHost.StartAsync(postgres, ("Mail:Port", $"{((IPEndPoint)listener.LocalEndpoint).Port}"));
        await AddAsync(host, Address());
        Assert.All(await heard, line => Assert.Matches("^(EHLO|QUIT)", line));
        await UntilAsync(() => host.Log.Count(4131) > 0);

        async Task<List<string>> HearAsync()
        {
            using var socket = await listener.AcceptTcpClientAsync(Cancellation);
            await using var writer = new StreamWriter(socket.GetStream()) { NewLine = "\r\n", AutoFlush = true };
            using var reader = new StreamReader(socket.GetStream());
            List<string> lines = [];
            await writer.WriteLineAsync("220 here");
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                lines.Add(line);
                await writer.WriteLineAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-here\r\n250 AUTH PLAIN LOGIN" : "250 ok");
            }

            return lines;
        }
    }

    [Theory]
    [Trait("Practice", "P24")]
    [InlineData("Subject\r\nBcc: victim@people.example")]
    [InlineData("Subject\n\nAnother body")]
    public async Task A_subject_makes_no_header(string subject)
    {
        await using var host = await IdentityHost.StartAsync(postgres);
        using var message = host.Services.GetRequiredService<SmtpMailer>().Compose(Guid.NewGuid(), new("ada@people.example", subject, "Text"));
        using var written = new MemoryStream();
        await message.WriteToAsync(written, Cancellation);
        written.Position = 0;
        using var read = await MimeMessage.LoadAsync(written, Cancellation);
        Assert.Empty(read.Bcc);
        Assert.Equal("ada@people.example", Assert.Single(read.To.Mailboxes).Address);
        Assert.Equal("Text", read.TextBody?.Trim());
    }

    [Theory]
    [InlineData("Server", "", "Set Mail__Server to")]
    [InlineData("Server", "two words", "Set Mail__Server to")]
    [InlineData("Port", "0", "Set Mail__Port to")]
    [InlineData("Port", "65536", "Set Mail__Port to")]
    [InlineData("Security", "Unset", "Set Mail__Security to StartTls")]
    [InlineData("Security", "7", "Set Mail__Security to StartTls")]
    [InlineData("From", "nobody", "Set Mail__From to")]
    [InlineData("User", "", "Set Mail__User and Mail__Password")]
    [InlineData("Password", "", "Set Mail__User and Mail__Password")]
    [InlineData("TrustedRoots", "/no/such/file.pem", "Set Mail__TrustedRoots to")]
    public async Task Without_a_mail_server_nothing_starts(string setting, string value, string sentence)
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => IdentityHost.StartAsync(postgres, ($"Mail:{setting}", value)));
        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    private static string Address() => $"{Guid.NewGuid():N}@people.example";

    private static async Task AddAsync(IdentityHost host, string to)
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Letters>().Send(to, "A subject", "A text.");
        await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().SaveChangesAsync(Cancellation);
    }

    private static async Task EmptyAsync(string database)
    {
        await using var context = IdentityHost.Context(database);
        await UntilAsync(() => !context.Set<MailRow>().Any());
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "It did not happen.");
            await Task.Delay(20, Cancellation);
        }
    }
}
