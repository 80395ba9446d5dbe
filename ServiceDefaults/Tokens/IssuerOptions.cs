using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>Section <c>Identity</c>: whose tokens are accepted.</summary>
internal sealed class IssuerOptions
{
    public const string Section = "Identity";

    /// <summary>The <c>iss</c> that a token must carry: the identity server's public origin, without a trailing slash.</summary>
    public string Issuer { get; set; } = "";

    internal sealed class Validator : IValidateOptions<IssuerOptions>
    {
        public ValidateOptionsResult Validate(string? name, IssuerOptions options)
            => Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer) && issuer.Scheme == "https" && !options.Issuer.EndsWith('/')
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Identity__Issuer to the public https origin of the identity server, without a slash at the end.");
    }
}

internal static class IssuerOptionsExtensions
{
    public static void AddIssuerOptions(this IServiceCollection services)
    {
        services.AddOptions<IssuerOptions>().BindConfiguration(IssuerOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IssuerOptions>, IssuerOptions.Validator>());
    }
}
