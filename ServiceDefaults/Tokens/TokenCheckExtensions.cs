using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Revocations;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Registers the check of access tokens.</summary>
public static class TokenCheckExtensions
{
    /// <summary>
    /// Accepts access tokens of the identity server for one of <paramref name="audiences"/>, and nothing else: RFC 9068
    /// type, ES256, issuer, audience, expiry. With several audiences each becomes a scheme named after its audience, and
    /// none is the default; with one the scheme is <c>Bearer</c> and the default. A token that is bound to a key needs a proof of it
    /// (RFC 9449): a gateway, which has several, takes proofs out of use and needs <c>AddDpopProofs</c>; a service checks the rest again.
    /// </summary>
    public static IHostApplicationBuilder AddTokenChecks(this IHostApplicationBuilder builder, params string[] audiences)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(audiences);
        ArgumentOutOfRangeException.ThrowIfZero(audiences.Length, nameof(audiences));
        builder.Services.AddHttpClient(IssuerKeys.ClientName).AddNamedService("identity")
            .ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(5));
        return builder.AddTokenChecks(audiences, isDefault: true);
    }

    /// <summary>
    /// The same for the identity server itself, which knows its own keys and asks nobody for them. Its sessions stay the default: tokens are
    /// taken where the access table names the scheme <c>Bearer</c>, and nowhere else.
    /// </summary>
    public static IHostApplicationBuilder AddOwnTokenChecks<TKeys>(this IHostApplicationBuilder builder, string audience)
        where TKeys : class, IOwnKeys
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton<IOwnKeys>(services => services.GetRequiredService<TKeys>());
        return builder.AddTokenChecks([audience], isDefault: false);
    }

    private static IHostApplicationBuilder AddTokenChecks(this IHostApplicationBuilder builder, string[] audiences, bool isDefault)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        builder.AddValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        builder.Services.TryAddSingleton<IssuerKeys>();
        builder.Services.TryAddSingleton<AccessTokenHandler>();

        var single = audiences.Length == 1;
        if (single)
            builder.Services.AddSingleton(new ProtectedApi(audiences[0]));
        var schemes = builder.Services.AddAuthentication(options => options.DefaultScheme = !isDefault ? options.DefaultScheme : single ? JwtBearerDefaults.AuthenticationScheme : null);
        foreach (var audience in audiences)
        {
            var scheme = single ? JwtBearerDefaults.AuthenticationScheme : audience;
            schemes.AddJwtBearer(scheme, _ => { });
            builder.Services.AddOptions<JwtBearerOptions>(scheme)
                .Configure<IOptions<IssuerOptions>, IOptions<ShopOptions>, IServiceProvider, TimeProvider, AccessTokenHandler>((options, issuer, shop, services, clock, handler) =>
                {
                    options.MapInboundClaims = false;
                    options.IncludeErrorDetails = false;
                    options.RequireHttpsMetadata = true;
                    options.SaveToken = false;
                    options.Events = new BoundTokens(audience, shop.Value, single ? null : services.GetRequiredService<DpopProofs>(), services.GetService<KnownRevocations>(), clock);
                    options.TokenHandlers.Clear();
                    options.TokenHandlers.Add(handler);
                    options.TokenValidationParameters = AccessTokenRules.For(issuer.Value.Issuer, audience, clock);
                });
        }

        return builder;
    }
}

/// <summary>What a token must be. Each line stops one known forgery.</summary>
internal static class AccessTokenRules
{
    /// <summary>How far two machines' clocks may be apart.</summary>
    public static TimeSpan ClockSkew { get; } = TimeSpan.FromSeconds(10);

    public static TokenValidationParameters For(string issuer, string audience, TimeProvider clock) => new()
    {
        ValidIssuer = issuer,
        ValidateIssuer = true,

        // A token for another API of the same issuer must not work here (confused deputy).
        ValidAudience = audience,
        ValidateAudience = true,

        // An ID token is signed by the same key; only its type tells them apart.
        ValidTypes = ["at+jwt"],

        // "none", and HS256 keyed with the public key's bytes.
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        RequireSignedTokens = true,
        ValidateIssuerSigningKey = true,
        TryAllIssuerSigningKeys = false,

        RequireExpirationTime = true,
        ValidateLifetime = true,
        LifetimeValidator = (from, until, _, _) => IsCurrent(from, until, clock.GetUtcNow().UtcDateTime),
        ClockSkew = ClockSkew,

        NameClaimType = "sub",
        RoleClaimType = "role",
    };

    public static bool IsCurrent(DateTime? from, DateTime? until, DateTime now)
        => until is { } end && now < end + ClockSkew && (from is not { } start || now >= start - ClockSkew);
}
