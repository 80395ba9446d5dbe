using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.Testing;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>What replicas share.</summary>
internal sealed class Shared
{
    public MemoryGrants Grants { get; } = new();

    public MemoryKeys Keys { get; } = new();

    public MemoryEvents Events { get; } = new();

    /// <summary>Moves when told, but its timers run: replicas that meet wait for each other.</summary>
    public TestClock Clock { get; } = new();

    public IDataProtectionProvider Protection { get; set; } = new EphemeralDataProtectionProvider();

    /// <summary>Users who may no longer have tokens.</summary>
    public HashSet<string> Inactive { get; } = new(StringComparer.Ordinal);
}

/// <summary>One running server over shared stores.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Replica(WebApplication app, Shared shared) => (_app, Shared) = (app, shared);

    public Shared Shared { get; }

    public static async Task<Replica> StartAsync(
        Shared? shared = null, Action<IdentityServerOptions>? configure = null, IEnumerable<Client>? clients = null, string environment = "Development")
    {
        shared ??= new Shared();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(shared.Clock);
        services.AddSingleton(shared);
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddIdentityServer(options =>
            {
                options.IssuerUri = TestShop.Issuer;
                options.Authentication.CookieAuthenticationScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.UserInteraction.LoginUrl = "/login";
                options.UserInteraction.LogoutUrl = "/logout";
                options.UserInteraction.ErrorUrl = "/error";
                options.Events.RaiseFailureEvents = true;
                configure?.Invoke(options);
            })
            .AddInMemoryClients(clients ?? TestShop.Clients())
            .AddInMemoryIdentityResources(TestShop.IdentityResources())
            .AddInMemoryApiScopes(TestShop.ApiScopes())
            .AddInMemoryApiResources(TestShop.ApiResources())
            .AddJwtBearerClientAuthentication()
            .AddProfileService<Profile>();
        services.AddSingleton<IPersistedGrantStore>(shared.Grants);
        services.AddSingleton<ISigningKeyStore>(shared.Keys);
        services.AddSingleton<IEventSink>(shared.Events);
        services.AddSingleton(shared.Protection);

        var app = builder.Build();
        try
        {
            app.UseIdentityServer();
            MapPages(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new Replica(app, shared);
    }

    public Browser OpenBrowser() => new(_app.GetTestServer().CreateHandler());

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The pages that a host has, as plain answers.</summary>
    private static void MapPages(WebApplication app)
    {
        app.MapGet("/signin", async (HttpContext context, string user, string? acr) =>
        {
            var identity = new ClaimsIdentity([new("sub", user), new("name", user)], "test", "name", "role");
            if (acr is not null)
                identity.AddClaim(new("acr", acr));
            await context.SignInAsync(new ClaimsPrincipal(identity));
            return "in";
        });
        app.MapGet("/login", async (string returnUrl, IIdentityServerInteractionService interaction) =>
        {
            var request = await interaction.GetAuthorizationContextAsync(returnUrl);
            return Results.Json(new { valid = interaction.IsValidReturnUrl(returnUrl), client = request?.Client.ClientId, hint = request?.LoginHint });
        });
        app.MapGet("/error", async (string errorId, IIdentityServerInteractionService interaction) => Results.Json(await interaction.GetErrorContextAsync(errorId)));
        app.MapGet("/logout", async (string? logoutId, IIdentityServerInteractionService interaction) => Results.Json(await interaction.GetLogoutContextAsync(logoutId)));
    }

    /// <summary>Alice sells; others have no role. It also tries to say what only the protocol may say.</summary>
    private sealed class Profile(Shared shared) : IProfileService
    {
        public Task GetProfileDataAsync(ProfileDataRequestContext context)
        {
            var subject = context.Subject.FindFirst("sub")!.Value;
            Claim[] known = [new("name", subject.ToUpperInvariant()), new("role", subject == "alice" ? "seller" : "customer"), new("email", "x@y.example")];
            context.IssuedClaims.AddRange(known.Where(claim => context.RequestedClaimTypes.Contains(claim.Type, StringComparer.Ordinal)));
            context.IssuedClaims.Add(new Claim("client_id", "forged"));
            context.IssuedClaims.Add(new Claim("scope", "orders.admin"));
            return Task.CompletedTask;
        }

        public Task IsActiveAsync(IsActiveContext context)
        {
            context.IsActive = !shared.Inactive.Contains(context.Subject.FindFirst("sub")!.Value);
            return Task.CompletedTask;
        }
    }
}
