using System.Text;
using System.Text.Encodings.Web;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Pages;

namespace SecureShop.Gateway.Pages;

/// <summary>The pages of the shop's origin: what there is, what the APIs take, and whether the services answer.</summary>
internal static class ShopPages
{
    public static void AddShopPages(this WebApplicationBuilder builder)
    {
        builder.AddErrorPages();
        builder.Services.AddSingleton<ServiceStatusReader>();
        builder.Services.AddSingleton<ApiDocuments>();
    }

    public static void MapShopPages(this WebApplication app)
    {
        var identity = HtmlEncoder.Default.Encode(app.Services.GetRequiredService<PublicOrigins>().Identity.GetLeftPart(UriPartial.Authority));
        app.MapApiReference();
        var home = Home(identity);
        var docs = Docs(identity);
        Map("/", context => HtmlPage.WriteAsync(context, "Welcome", home, wide: true));
        Map("/docs", context => HtmlPage.WriteAsync(context, "The APIs", docs, wide: true));
        Map("/status", async context => await HtmlPage.WriteAsync(
            context, "Is it up?", Status(await context.RequestServices.GetRequiredService<ServiceStatusReader>().ReadAsync(context.RequestAborted))));

        void Map(string path, RequestDelegate page)
            => app.MapGet(path, page).RequireAccess(AccessRule.Anyone("Pages for people; they show what the source code shows, and whether services answer.")).AllowAnyQuery();
    }

    private static string Home(string identity) => $"""
        <p class="lead">A shop whose APIs are built to hold. Apps call them; this is what there is for people.</p>
        <div class="actions">
          <a class="button" href="{identity}/account/login">Sign in</a>
          <a class="button second" href="/docs">The APIs</a>
        </div>
        <dl>
          <dt><a href="{ApiReference.Path}">Try the APIs</a></dt>
          <dd>What each takes and answers, with a sign-in to call it from the page</dd>
          <dt><a href="{identity}/">Accounts and sign-in</a></dt>
          <dd>The identity server, with its discovery document for developers</dd>
          <dt><a href="/status">Is it up?</a></dt>
          <dd>Which of the services answer at the moment</dd>
          <dt><a href="/api/catalog/products?limit=10">Ten products</a></dt>
          <dd>The catalog as an app sees it: guests may read it</dd>
        </dl>
        """;

    private static string Docs(string identity)
    {
        var text = new StringBuilder($"""
            <p class="lead">What apps may call, over https alone. Each service checks again what is checked here, and whose object it is.</p>
            <div class="actions"><a class="button" href="{ApiReference.Path}">Try them</a></div>
            <dl>
              <dt>Tokens</dt>
              <dd>Sent as <code>Authorization: Bearer</code>; from <a href="{identity}/.well-known/openid-configuration">the identity server</a>, for five minutes</dd>
              <dt>Errors</dt>
              <dd>Problems (RFC 9457), with a trace id</dd>
              <dt>Documents</dt>
              <dd>OpenAPI: <a href="/docs/catalog.json">Catalog</a>, <a href="/docs/orders.json">Orders</a></dd>
              <dt>Methods</dt>
              <dd>HEAD works wherever GET does</dd>
            </dl>
            """);
        foreach (var service in RouteTable.All.Where(route => route.Origin == Origin.Shop).GroupBy(route => route.Service, StringComparer.Ordinal))
        {
            text.Append($"<h2>{Name(service.Key)}</h2><dl>");
            foreach (var route in service)
                text.Append($"<dt><code>{string.Join(", ", route.Methods)} {route.Path.Replace(":guid", "", StringComparison.Ordinal)}</code></dt><dd>{Needs(route.Rule)}</dd>");
            text.Append("</dl>");
        }

        return text.ToString();
    }

    private static string Needs(AccessRule rule)
    {
        if (rule.Scope is null)
            return rule.Reason ?? "";
        var roles = rule.Roles.IsEmpty ? "" : $", as {string.Join(" or ", rule.Roles)}";
        return $"{(rule.Guests ? "Anyone; with a token, " : "A token with ")}<code>{rule.Scope}</code>{roles}";
    }

    private static string Status(IReadOnlyList<ServiceStatus> services) => $"""
        <p class="lead">{(services.All(service => service.Answering > 0) ? "Everything answers." : "Not everything answers. That usually passes within a minute.")}</p>
        <dl>{string.Concat(services.Select(service => $"<dt>{Name(service.Service)}</dt><dd>{Describe(service)}</dd>"))}</dl>
        <p class="fine">Asked anew every few seconds; reload the page to see.</p>
        """;

    private static string Name(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    private static string Describe(ServiceStatus status) => status switch
    {
        { Answering: 0 } => "does not answer",
        { Replicas: 1 } => "answers",
        _ => $"{status.Answering} of {status.Replicas} answer",
    };
}
