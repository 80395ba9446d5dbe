extern alias mailbox;
using System.Net;
using mailbox::SecureShop.Mailbox;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MimeKit;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>The mailbox of a local run: who may put mail into it, who reads it, and what its page makes of what it holds.</summary>
public sealed class MailboxTests
{
    private const string Origin = "https://localhost:7444";

    [Fact]
    [Trait("Practice", "P24")]
    public void What_a_mail_says_is_text_and_only_the_shops_own_links_can_be_followed()
    {
        var page = InboxEndpoints.Render(
            [
                new(1, "<ada@people.example>", "<script>alert(1)</script>", $"Open {Origin}/account/confirm-email?id=1&token=a\"b or\nhttps://evil.example/ or {Origin}.evil.example/ or javascript:alert(1)", default),
            ],
            Origin);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;ada@people.example&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"{Origin}/account/confirm-email?id=1&amp;token=a&quot;b\">", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<a ").Length);
    }

    [Fact]
    [Trait("Practice", "P28")]
    public void It_holds_the_last_mails_and_no_more()
    {
        var inbox = new Inbox(TimeProvider.System);
        using var message = new MimeMessage { Subject = "A subject" };
        for (var i = 0; i < Inbox.Capacity + 3; i++)
            inbox.Add($"{i}@people.example", message);
        Assert.Equal(Inbox.Capacity, inbox.Newest.Count);
        Assert.Equal($"{Inbox.Capacity + 2}@people.example", inbox.Newest[0].To);
        Assert.Equal("3@people.example", inbox.Newest[^1].To);
    }

    [Theory]
    [Trait("Practice", "P20")]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Mail_is_taken_over_TLS_and_with_the_password_alone(bool encrypted, bool knowsPassword)
    {
        await using var door = await TestMailbox.StartAsync();
        await SendAsync(door, encrypted: true, door.Password);
        Assert.Equal(1, door.Waiting("ada@people.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(door, encrypted, knowsPassword ? door.Password : "not the password at all"));
        await Assert.ThrowsAsync<ServiceNotAuthenticatedException>(() => SendAsync(door, encrypted: true, password: null));
        Assert.Equal(1, door.Waiting("ada@people.example"));
    }

    [Theory]
    [Trait("Practice", "P15")]
    [InlineData("127.0.0.1", "localhost", HttpStatusCode.OK)]
    [InlineData("::1", "[::1]", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", "rebound.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.0.2.7", "localhost", HttpStatusCode.MisdirectedRequest)]
    public async Task Its_page_is_for_this_machine_by_this_machines_names(string from, string host, HttpStatusCode status)
    {
        await using var server = await new LoopbackServer(app =>
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(from);
                context.Request.Host = new HostString(host);
                return next(context);
            });
            app.UseLoopbackOnly();
            app.MapGet("/", () => "mail");
        }).StartAsync();
        using var client = TestCertificate.Client(server.Address);
        using var answer = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
    }

    private static async Task SendAsync(TestMailbox door, bool encrypted, string? password)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, certificate, _, _) => TestCertificate.Leaf.Equals(certificate) };
        await client.ConnectAsync("localhost", door.Port, encrypted ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellation);
        if (password is not null)
            await client.AuthenticateAsync("identity", password, cancellation);
        using var message = new MimeMessage
        {
            From = { new MailboxAddress("", "accounts@shop.example") },
            To = { new MailboxAddress("", "ada@people.example") },
            Body = new TextPart("plain") { Text = "Text" },
        };
        try
        {
            await client.SendAsync(message, cancellation);
        }
        catch (SmtpCommandException refusal) when (refusal.StatusCode == SmtpStatusCode.AuthenticationRequired)
        {
            throw new ServiceNotAuthenticatedException(refusal.Message, refusal);
        }
    }
}
