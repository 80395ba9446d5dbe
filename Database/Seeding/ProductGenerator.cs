namespace SecureShop.Database.Seeding;

/// <summary>Invents the shop's products. The same on every machine, so that documents can quote a search and its hits.</summary>
internal static class ProductGenerator
{
    private const int VariantsPerThing = 4;

    /// <summary>The sellers: the two demo sellers, and four who have no sign-in and only fill the shop.</summary>
    public static IReadOnlyList<string> Sellers { get; } =
    [
        DemoUsers.Sam.Id,
        DemoUsers.Selma.Id,
        "019a8f00-0000-7000-8000-00000000c0a1",
        "019a8f00-0000-7000-8000-00000000c0a2",
        "019a8f00-0000-7000-8000-00000000c0a3",
        "019a8f00-0000-7000-8000-00000000c0a4",
    ];

    public static IEnumerable<SeedProduct> Products()
    {
        var dice = new Dice(2026);
        foreach (var shelf in Shelves.All)
        {
            for (var thing = 0; thing < shelf.Things.Length; thing++)
            {
                for (var variant = 0; variant < VariantsPerThing; variant++)
                    yield return Product(shelf, thing, shelf.Materials[variant % shelf.Materials.Length], dice);
            }
        }
    }

    private static SeedProduct Product(Shelf shelf, int thing, string material, Dice dice)
    {
        var brand = dice.Pick(Shelves.Brands);
        var adjective = dice.Pick(Shelves.Adjectives);
        var noun = shelf.Things[thing];
        var price = Price(shelf, thing, dice);
        return new(
            SellerId: Sellers[dice.Below(Sellers.Count)],
            Name: $"{brand} {adjective} {material} {noun}",
            Description: $"{adjective} {material.ToLowerInvariant()} {noun.ToLowerInvariant()} by {brand}. "
                + $"Made for {dice.Pick(shelf.Uses)}. {dice.Pick(Shelves.Notes)}",
            Category: shelf.Category,
            Price: price,
            Cost: decimal.Round(price * (40 + dice.Below(25)) / 100, 2),
            Supplier: dice.Pick(Shelves.Suppliers),
            Stock: dice.Below(12) == 0 ? 0 : 3 + dice.Below(120),
            Published: dice.Below(16) != 0);
    }

    /// <summary>Things are listed from cheap to dear; each gets its part of the shelf's range, and a price that ends as prices do.</summary>
    private static decimal Price(Shelf shelf, int thing, Dice dice)
    {
        var step = (shelf.High - shelf.Low) / (decimal)shelf.Things.Length;
        var whole = decimal.Floor(shelf.Low + (step * thing) + (step * dice.Below(100) / 100));
        return whole + dice.Pick(Endings);
    }

    private static readonly decimal[] Endings = [0.50m, 0.90m, 0.95m, 0.99m];
}
