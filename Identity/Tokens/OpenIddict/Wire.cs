using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Writes the issuer as it is configured. OpenIddict writes an origin with a slash at the end; clients and APIs compare exactly, and the
/// mix-up of two issuers is what they compare against (RFC 9207).
/// </summary>
internal static class Wire
{
    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<GenerateTokenContext>(handler => handler
            .SetOrder(Protection.AttachTokenMetadata.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                context.SecurityTokenDescriptor.Issuer = context.SecurityTokenDescriptor.Issuer?.TrimEnd('/');
                return default;
            }));
        server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler
            .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                context.Metadata["issuer"] = Issuer(context);
                return default;
            }));
        server.AddEventHandler<ApplyAuthorizationResponseContext>(handler => handler
            .SetOrder(Authentication.AttachIssuer.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                if (context.Response.Iss is not null)
                    context.Response.Iss = Issuer(context);
                return default;
            }));
        server.AddEventHandler<ApplyIntrospectionResponseContext>(handler => handler
            .SetOrder(Introspection.NormalizeErrorResponse.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                if (context.Response.Iss is not null)
                    context.Response.Iss = Issuer(context);
                return default;
            }));
    }

    /// <summary>The issuer as it is configured.</summary>
    public static string Issuer(BaseContext context) => context.Options.Issuer!.AbsoluteUri.TrimEnd('/');
}
