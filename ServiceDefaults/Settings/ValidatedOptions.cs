using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults;

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
