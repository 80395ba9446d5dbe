using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Npgsql;
using SecureShop.Catalog.Variants;

namespace SecureShop.Catalog.Products;

/// <summary>
/// The statement of a list. Its text is put together of what stands here and of numbers of parameters; what a caller sent is a parameter
/// and never text (P22). The same kind of list has the same text, so that Postgres has it prepared.
/// </summary>
internal static class PublishedList
{
    /// <summary>What everyone sees, in the order of <see cref="ReadRow"/>.</summary>
    public const string Columns = "id, seller_id, name, description, category_id, price, currency, language, images, variants";

    /// <summary>The number of the column after those.</summary>
    public const int NextColumn = 10;

    /// <summary>So many hits are ranked, the newest: to rank all that a common word has would take seconds, for whoever asks.</summary>
    private const int MostRanked = 500;

    private static readonly CompositeFormat Query = CompositeFormat.Parse(ProductSearch.Query);
    private static readonly CompositeFormat RankedWords = CompositeFormat.Parse(ProductSearch.RankedWords);

    [SuppressMessage("Security", "CA2100", Justification = "The text is of the constants here, of ProductSearch and of ProductSort; values are parameters.")]
    public static void Write(NpgsqlCommand command, ProductFilter filter)
    {
        var text = new StringBuilder();
        var words = filter.Search is { } search ? Parameter(command, search) : "";
        var ranked = filter.Sort.Key == SortKey.Rank;
        if (ranked)
            text.Append("select ").Append(Columns).Append(", rank from (select *, ts_rank_cd(search, ").AppendFormat(CultureInfo.InvariantCulture, RankedWords, words).Append(") as rank from (");
        text.Append("select ").Append(Columns).Append(ranked ? ", search" : "").Append(" from catalog.published_products where true");
        if (filter.Search is not null)
            WriteSearch(text, command, filter, words);
        else
            WriteIds(text, command, filter);
        if (filter.MinPrice is { } min)
            text.Append(" and price >= ").Append(Parameter(command, min));
        if (filter.MaxPrice is { } max)
            text.Append(" and price <= ").Append(Parameter(command, max));
        if (filter.InStock)
            text.Append(" and in_stock");
        if (ranked)
            text.Append(" order by id desc limit ").Append(Parameter(command, MostRanked)).Append(") as newest) as ranked where true");
        if (filter.After is { } after)
            text.Append(" and ").Append(filter.Sort.Beyond).Append(" (").Append(Key(command, filter.Sort.Key, after)).Append(Parameter(command, after.Id)).Append(')');
        text.Append(" order by ").Append(filter.Sort.OrderBy).Append(" limit ").Append(Parameter(command, filter.Limit + 1));
        command.CommandText = text.ToString();
    }

    public static ProductResponse ReadRow(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetDecimal(5), row.GetString(6), row.GetString(7),
        row.GetFieldValue<string[]>(8), VariantResponse.Of(ProductVariant.Read(row.GetString(9))));

    /// <summary>Shelf and seller are in the same index as the words.</summary>
    private static void WriteSearch(StringBuilder text, NpgsqlCommand command, ProductFilter filter, string words)
    {
        text.Append(" and search @@ ((").AppendFormat(CultureInfo.InvariantCulture, Query, words).Append(')');
        if (filter.Category is { } category)
            text.Append(" && ('''category=' || ").Append(Parameter(command, category)).Append(" || '''')::tsquery");
        if (filter.Seller is { } seller)
            text.Append(" && ('''seller=' || ").Append(Parameter(command, seller)).Append(" || '''')::tsquery");
        text.Append(')');
    }

    private static void WriteIds(StringBuilder text, NpgsqlCommand command, ProductFilter filter)
    {
        if (filter.Category is { } category)
            text.Append(" and category_id = ").Append(Parameter(command, category));
        if (filter.Seller is { } seller)
            text.Append(" and seller_id = ").Append(Parameter(command, seller));
    }

    private static string Key(NpgsqlCommand command, SortKey key, ProductCursor after) => key switch
    {
        SortKey.Price => $"{Parameter(command, after.Price)}, ",
        SortKey.Name => $"{Parameter(command, after.Key)}, ",
        SortKey.Rank => $"{Parameter(command, after.Rank)}, ",
        _ => "",
    };

    /// <summary>Adds the value, and answers the text that stands for it.</summary>
    private static string Parameter<T>(NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
    }
}
