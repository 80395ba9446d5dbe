using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Variants;

/// <summary>Checks what one variant alone does not show: that it is another than the rest, and of this product.</summary>
internal static class VariantReader
{
    /// <summary>The variants as they are kept; null where one is wrong, and then <paramref name="refused"/> names it.</summary>
    /// <param name="asked">What the seller sent.</param>
    /// <param name="known">Those that the product has: an id of anything else is nobody's to give.</param>
    /// <param name="refused">The answer then.</param>
    public static ProductVariant[]? Read(IReadOnlyList<VariantRequest> asked, IReadOnlyList<ProductVariant> known, out ValidationProblem? refused)
    {
        var kept = new List<ProductVariant>(asked.Count);
        refused = null;
        foreach (var (place, variant) in asked.Index())
        {
            // The serializer lets null into a list in spite of the annotation.
            refused = variant switch
            {
                null => Refused($"variants[{place}]", "A variant must not be null."),
                { Size: null, Colour: null } => Refused($"variants[{place}]", "A size, a colour, or both."),
                { Id: { } id } when kept.Exists(other => other.Id == id) || !known.Any(other => other.Id == id)
                    => Refused($"variants[{place}].id", "The id of a variant that the product has, once; leave it out for a new one."),
                _ when kept.Exists(other => string.Equals(other.Sku, variant.Sku, StringComparison.OrdinalIgnoreCase))
                    => Refused($"variants[{place}].sku", "Another than the other variants have."),
                _ when kept.Exists(other => Same(other.Size, variant.Size) && Same(other.Colour, variant.Colour))
                    => Refused($"variants[{place}]", "Another size or colour than the other variants have."),
                _ => null,
            };
            if (refused is not null)
                return null;
            kept.Add(new(variant!.Id ?? Guid.CreateVersion7(), variant.Sku, Shown(variant.Size), Shown(variant.Colour), variant.Price is { } price ? decimal.Round(price, 2) + 0.00m : null));
        }

        return [.. kept];
    }

    private static string? Shown(string? text) => text is null ? null : NormalizedText.Shown(text);

    private static bool Same(string? one, string? other)
        => string.Equals(one is null ? null : NormalizedText.Compatible(one), other is null ? null : NormalizedText.Compatible(other.Trim()), StringComparison.OrdinalIgnoreCase);

    private static ValidationProblem Refused(string field, string rule)
        => TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [rule] });
}
