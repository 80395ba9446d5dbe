using Microsoft.Extensions.Options;

namespace SecureShop.Orders.Refunds;

/// <summary>Section <c>Refunds</c>.</summary>
internal sealed record RefundOptions
{
    public const string Section = "Refunds";

    /// <summary>How much of one order support may give back in all; what is beyond that is an administrator's.</summary>
    public decimal SupportLimit { get; init; } = 200m;

    internal sealed class Validator : IValidateOptions<RefundOptions>
    {
        public ValidateOptionsResult Validate(string? name, RefundOptions options)
            => options.SupportLimit >= 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Refunds__SupportLimit to 0 or more.");
    }
}
