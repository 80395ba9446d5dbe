namespace SecureShop.Storage.Data;

/// <summary>What tables are called, for statements that EF Core does not write. No caller's text is in such a name.</summary>
public static class TableNames
{
    /// <summary>The table of <typeparamref name="TRow"/>, with its schema, as the model has it.</summary>
    public static string TableOf<TRow>(this DbContext database)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Model.FindEntityType(typeof(TRow))!.GetSchemaQualifiedTableName()!;
    }
}
