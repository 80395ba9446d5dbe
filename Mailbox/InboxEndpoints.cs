using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Pages;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Mailbox;

/// <summary>The mailbox for people and for programs.</summary>
internal static class InboxEndpoints
{
    private static readonly HtmlEncoder Html = HtmlEncoder.Default;

    public static void MapInbox(this IEndpointRouteBuilder routes)
    {
        var open = AccessRule.Anyone("The mail of a local run, for whoever is at this machine.");
        routes.MapGet("/", ShowAsync).RequireAccess(open).ExcludeFromDescription();
        routes.MapGet("/mails", List).RequireAccess(open).WithSummary("The mails, the newest first; those to one address where it is named.");
    }

    internal static Ok<List<ReceivedMail>> List(Inbox inbox, string? to)
        => TypedResults.Ok(inbox.Newest.Where(mail => to is null || string.Equals(mail.To, to, StringComparison.OrdinalIgnoreCase)).ToList());

    internal static Task ShowAsync(HttpContext context, Inbox inbox, IOptions<IssuerOptions> issuer)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HtmlPage.WriteAsync(context, "Mailbox", Render(inbox.Newest, issuer.Value.Issuer), wide: true);
    }

    internal static string Render(IReadOnlyList<ReceivedMail> mails, string origin)
    {
        var page = new StringBuilder("""<p class="lead">What the shop has sent during this run. Nothing of it has left this machine.</p>""");
        if (mails.Count == 0)
            page.Append("<p>Nothing yet. Reload the page once you have registered, or forgotten a password.</p>");
        foreach (var mail in mails)
        {
            page.Append(CultureInfo.InvariantCulture, $"""<article><h2>{Html.Encode(mail.Subject)}</h2><p class="fine">to {Html.Encode(mail.To)}, <time>{mail.At:HH:mm:ss} UTC</time></p>""");
            foreach (var paragraph in mail.Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                page.Append(CultureInfo.InvariantCulture, $"<p>{Linked(paragraph, origin)}</p>");
            page.Append("</article>");
        }

        return page.ToString();
    }

    // Only the shop's own addresses can be followed: whatever else a mail says is text.
    private static string Linked(string text, string origin) => string.Join("<br>", text.Split('\n').Select(line => string.Join(' ', line.Split(' ')
        .Select(Html.Encode).Zip(line.Split(' '), (shown, word) => word.StartsWith(origin + "/", StringComparison.Ordinal) ? $"""<a href="{shown}">{shown}</a>""" : shown))));
}
