using Microsoft.Extensions.Options;

namespace SecureShop.Catalog.GuestCache;

/// <summary>Section <c>GuestCache</c>: what each replica keeps of its answers to guests.</summary>
internal sealed record GuestCacheOptions
{
    public const string Section = "GuestCache";

    /// <summary>The memory for it; with 0 nothing is kept.</summary>
    public int Megabytes { get; init; } = 32;

    internal sealed class Validator : IValidateOptions<GuestCacheOptions>
    {
        public ValidateOptionsResult Validate(string? name, GuestCacheOptions options)
            => options.Megabytes is < 0 or > 1024
                ? ValidateOptionsResult.Fail("Set GuestCache__Megabytes to 0 to 1024; 0 keeps nothing.")
                : ValidateOptionsResult.Success;
    }
}
