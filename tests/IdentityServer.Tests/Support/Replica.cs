using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureShop.StandIns.IdentityServer;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>What replicas share.</summary>
internal sealed class Shared
{
    public MemoryGrants Grants { get; } = new();

    public MemoryKeys Keys { get; } = new();

    public MemoryEvents Events { get; } = new();

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

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
        Shared? shared = null, Action<IdentityServerOptions>? configure = null, IEnumerable<Client>? clients = null, string environment = "Development",
        Action<IIdentityServerBuilder>? build = null)
    {
        shared ??= new Shared();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var services = builder.Services;
        services.AddSingleton<TimeProvider>(shared.Clock);
        services.AddSingleton(shared);
        var server = services.AddIdentityServer(options =>
            {
                options.IssuerUri = TestShop.Issuer;
                options.EmitScopesAsSpaceDelimitedStringInJwt = true;
                options.UserInteraction.LoginUrl = "/login";
                options.UserInteraction.LogoutUrl = "/logout";
                options.UserInteraction.ErrorUrl = "/error";
                options.Events.RaiseSuccessEvents = options.Events.RaiseFailureEvents = options.Events.RaiseErrorEvents = true;
                configure?.Invoke(options);
            })
            .AddInMemoryClients(clients ?? TestShop.Clients())
            .AddInMemoryIdentityResources(TestShop.IdentityResources())
            .AddInMemoryApiScopes(TestShop.ApiScopes())
            .AddInMemoryApiResources(TestShop.ApiResources())
            .AddJwtBearerClientAuthentication()
            .AddProfileService<Profile>();
        build?.Invoke(server);
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

    public IServiceProvider Services => _app.Services;

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
            var signedIn = new IdentityServerUser(user) { DisplayName = user };
            if (acr is not null)
                signedIn.AdditionalClaims.Add(new Claim("acr", acr));
            await context.SignInAsync(signedIn);
            return "in";
        });
        app.MapGet("/signout", async (HttpContext context) =>
        {
            await context.SignOutAsync();
            return "out";
        });
        app.MapGet("/login", async (string returnUrl, IIdentityServerInteractionService interaction) =>
        {
            var request = await interaction.GetAuthorizationContextAsync(returnUrl);
            return Results.Json(new { valid = interaction.IsValidReturnUrl(returnUrl), client = request?.Client.ClientId, hint = request?.LoginHint, scopes = request?.ValidatedResources.RawScopeValues });
        });
        app.MapGet("/deny", async (string returnUrl, IIdentityServerInteractionService interaction) =>
        {
            await interaction.DenyAuthorizationAsync((await interaction.GetAuthorizationContextAsync(returnUrl))!, AuthorizationError.AccessDenied);
            return "denied";
        });
        app.MapGet("/error", async (string errorId, IIdentityServerInteractionService interaction) => Results.Json(await interaction.GetErrorContextAsync(errorId)));
        app.MapGet("/logout", async (string? logoutId, IIdentityServerInteractionService interaction) => Results.Json(await interaction.GetLogoutContextAsync(logoutId)));
        app.MapGet("/logout/start", async (IIdentityServerInteractionService interaction) => await interaction.CreateLogoutContextAsync() ?? "none");
        app.MapGet("/grants", async (IIdentityServerInteractionService interaction) => Results.Json(await interaction.GetAllUserGrantsAsync()));
        app.MapGet("/grants/revoke", async (IIdentityServerInteractionService interaction) =>
        {
            await interaction.RevokeUserConsentAsync("mobile");
            return "revoked";
        });
    }

    /// <summary>Alice sells; others have no role. It also tries to say what only the protocol may say.</summary>
    private sealed class Profile(Shared shared) : IProfileService
    {
        public Task GetProfileDataAsync(ProfileDataRequestContext context)
        {
            var subject = context.Subject.FindFirst("sub")!.Value;
            context.AddRequestedClaims([new Claim("name", subject.ToUpperInvariant()), new Claim("role", subject == "alice" ? "seller" : "customer"), new Claim("email", "x@y.example")]);
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
