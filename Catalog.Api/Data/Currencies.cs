namespace SecureShop.Catalog.Data;

/// <summary>The currencies (ISO 4217) the shop trades in; all have two decimals, as the price column has.</summary>
internal static class Currencies
{
    public static readonly IReadOnlySet<string> All = new HashSet<string>(StringComparer.Ordinal) { "CHF", "EUR", "GBP", "SEK", "USD" };
}
