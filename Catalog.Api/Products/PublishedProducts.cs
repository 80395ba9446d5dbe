using Npgsql;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Products;

/// <summary>
/// What everyone sees, one statement a read. Nothing here depends on who asks, and no private column is read.
/// </summary>
internal sealed class PublishedProducts(CatalogDbContext database)
{
    private const string One = $"select {PublishedList.Columns}, version from catalog.published_products where id = $1";

    /// <summary>The product as everyone sees it, with its tag; null where it is a draft or there is none.</summary>
    public Task<TaggedProduct?> FindAsync(Guid id, CancellationToken cancellationToken)
        => database.ReadDirectlyAsync(id, WriteOne, ReadOneAsync, cancellationToken);

    /// <summary>One page of what everyone sees.</summary>
    public async Task<Page<ProductResponse>> ListAsync(ProductFilter filter, CancellationToken cancellationToken)
    {
        var rows = await database.ReadDirectlyAsync(filter, PublishedList.Write, ReadAllAsync, cancellationToken);
        return Page.Of(rows, filter.Limit, last => ProductCursor.Write(filter.Sort, last.Product.Name, last.Product.Price, last.Product.Id, last.Rank))
            .Select(row => row.Product);
    }

    private static void WriteOne(NpgsqlCommand command, Guid id)
    {
        command.CommandText = One;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
    }

    private static async Task<TaggedProduct?> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new(PublishedList.ReadRow(reader), ProductTag.Public(reader.GetInt32(PublishedList.NextColumn)));
    }

    private static async Task<List<(ProductResponse Product, float Rank)>> ReadAllAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var ranked = reader.FieldCount > PublishedList.NextColumn;
        var rows = new List<(ProductResponse Product, float Rank)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((PublishedList.ReadRow(reader), ranked ? reader.GetFloat(PublishedList.NextColumn) : 0));
        return rows;
    }
}

/// <summary>A product as everyone sees it, and the tag of that.</summary>
internal sealed record TaggedProduct(ProductResponse Product, Microsoft.Net.Http.Headers.EntityTagHeaderValue Tag);
