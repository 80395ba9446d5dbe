using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults.Settings;

/// <summary>
/// Options of a service: a record with the name of its section, and a validator in it whose messages say what to set. A bad setting
/// stops the start.
/// </summary>
public static class ValidatedOptions
{
    /// <summary>Binds <typeparamref name="TOptions"/> to the section, and validates them when the service starts.</summary>
    public static void AddValidatedOptions<TOptions, TValidator>(this IHostApplicationBuilder builder, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Bound twice, a list would hold everything twice.
        if (builder.Services.Any(service => service.ImplementationType == typeof(TValidator)))
            return;
        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>The same options where they decide what is registered, before there are services.</summary>
    public static TOptions GetValidatedOptions<TOptions, TValidator>(this IConfiguration configuration, string section)
        where TOptions : class, new()
        where TValidator : class, IValidateOptions<TOptions>, new()
    {
        var options = configuration.GetSection(section).Get<TOptions>() ?? new();
        return new TValidator().Validate(name: null, options) is { Failed: true } result
            ? throw new OptionsValidationException(section, typeof(TOptions), result.Failures)
            : options;
    }
}

/// <summary>What every origin that the world sees is held to: https and a host, a port perhaps, and neither path nor slash.</summary>
public static class PublicOrigin
{
    /// <summary>Compared as text: an issuer and an Origin header are, and what differs in writing would not match.</summary>
    public static bool IsValid(string? text)
        => Uri.TryCreate(text, UriKind.Absolute, out var origin)
            && origin.Scheme == Uri.UriSchemeHttps && origin.UserInfo.Length == 0 && origin.GetLeftPart(UriPartial.Authority) == text;
}

/// <summary>Section <c>Shop</c>: where the public finds the shop.</summary>
public sealed record ShopOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Shop";

    /// <summary>The shop's public origin.</summary>
    public string Origin { get; init; } = "";

    /// <summary>
    /// The public address of <paramref name="path"/>, for a <c>Location</c>. Made of the configuration: a forged Host header must not get
    /// into it.
    /// </summary>
    public Uri AddressOf(string path) => new($"{Origin}/{path}", UriKind.Absolute);

    /// <summary>Stops the start on what is no origin.</summary>
    public sealed class Validator : IValidateOptions<ShopOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, ShopOptions options)
            => PublicOrigin.IsValid(options.Origin)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Shop__Origin to the shop's public https origin, without a slash at the end, as in https://localhost:7443.");
    }
}

/// <summary>Section <c>Identity</c>: whose tokens are accepted.</summary>
public sealed record IssuerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Identity";

    /// <summary>The <c>iss</c> that a token must carry: the identity server's public origin.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Stops the start on what is no origin.</summary>
    public sealed class Validator : IValidateOptions<IssuerOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, IssuerOptions options)
            => PublicOrigin.IsValid(options.Issuer)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Identity__Issuer to the identity server's public https origin, without a slash at the end, as in https://localhost:7444.");
    }
}
