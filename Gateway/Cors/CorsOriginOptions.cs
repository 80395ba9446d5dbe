using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Cors;

/// <summary>Section <c>Cors</c>: whose pages, besides the shop's own, may read our answers.</summary>
internal sealed record CorsOriginOptions
{
    public const string Section = "Cors";

    public IReadOnlyList<string> Origins { get; init; } = [];

    internal sealed class Validator : IValidateOptions<CorsOriginOptions>
    {
        public ValidateOptionsResult Validate(string? name, CorsOriginOptions options)
            => options.Origins.FirstOrDefault(origin => !PublicOrigin.IsValid(origin)) is { } wrong
                ? ValidateOptionsResult.Fail($"Set Cors__Origins__0 and so on to https origins such as https://shop.example: '{wrong}' is none.")
                : ValidateOptionsResult.Success;
    }
}
