using Microsoft.EntityFrameworkCore.Metadata;

namespace SecureShop.Identity.Data.Mappings;

internal static class Conventions
{
    // With its person goes what is theirs.
    private const string Owner = "UserId";

    /// <summary>What holds for every table, said once: whose a row is, how constraints are called, and that ids are made before a row is.</summary>
    public static void ApplyConventions(this ModelBuilder model)
    {
        foreach (var table in model.Model.GetEntityTypes().Where(type => !type.IsOwned()).ToList())
        {
            if (table.FindProperty(Owner) is { } owner && !table.FindForeignKeys(owner).Any())
                model.Entity(table.ClrType).HasOne(typeof(ShopUser)).WithMany().HasForeignKey(Owner);
            foreach (var index in table.GetIndexes().Where(index => index.IsUnique))
                index.SetDatabaseName($"ux_{table.GetTableName()}_{Columns(index.Properties)}");
            foreach (var key in table.GetForeignKeys().Where(key => key.PrincipalEntityType.ClrType is var to && (to == typeof(ShopUser) || to == typeof(ShopRole))))
                key.SetConstraintName($"fk_{table.GetTableName()}_{Columns(key.Properties)}");
            if (table.FindPrimaryKey() is { Properties: [{ Name: "Id" or Owner } id] } && id.ClrType == typeof(Guid))
                id.ValueGenerated = ValueGenerated.Never;
        }
    }

    private static string Columns(IEnumerable<IMutableProperty> properties) => string.Join('_', properties.Select(property => property.GetColumnName()));
}
