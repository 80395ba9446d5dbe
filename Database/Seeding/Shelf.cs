namespace SecureShop.Database.Seeding;

/// <summary>What the invented shop keeps on one shelf.</summary>
/// <param name="Category">The id of the category.</param>
/// <param name="Low">The price of its cheapest thing.</param>
/// <param name="High">The price of its dearest thing.</param>
/// <param name="Things">What there is, from cheap to dear.</param>
/// <param name="Materials">What it is made of.</param>
/// <param name="Uses">What it is good for; each ends a sentence that begins "Made for".</param>
internal sealed record Shelf(string Category, int Low, int High, string[] Things, string[] Materials, string[] Uses);
