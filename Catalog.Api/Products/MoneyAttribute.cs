using System.ComponentModel.DataAnnotations;

namespace SecureShop.Catalog.Products;

/// <summary>An amount in cents' precision. A third decimal is refused rather than rounded: the caller would not notice.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MoneyAttribute : ValidationAttribute
{
    /// <summary>The largest amount of one product.</summary>
    public const decimal Max = 1_000_000m;

    /// <summary>Whether zero will do.</summary>
    public bool AllowZero { get; init; }

    public override bool IsValid(object? value) => value switch
    {
        null => true,
        decimal amount => IsMoney(amount) && (amount > 0 || AllowZero),
        _ => false,
    };

    public override string FormatErrorMessage(string name)
        => $"An amount from {(AllowZero ? "0.00" : "0.01")} to {Max:0.00} with at most two decimals.";

    /// <summary>Whether <paramref name="amount"/> is within bounds and needs no rounding.</summary>
    public static bool IsMoney(decimal amount) => amount is >= 0 and <= Max && decimal.Round(amount, 2) == amount;
}
