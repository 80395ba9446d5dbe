using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.ServiceDefaults;

/// <summary>The parameters of every list, as they arrive; a list with filters derives from it.</summary>
public record PageQuery
{
    private const int MaxLimit = 100;
    private const int DefaultLimit = 20;

    /// <summary>How many rows to answer.</summary>
    [FromQuery(Name = "limit"), Description("1 to 100 rows a page; 20 without.")]
    public string? Limit { get; init; }

    /// <summary>Where the page begins.</summary>
    [FromQuery(Name = "after"), Description("The `next` of the page before, with the same filter and sort.")]
    public string? After { get; init; }

    /// <summary>Reads the limit.</summary>
    public int ReadLimit(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.Read("limit", Limit, $"A whole number from 1 to {MaxLimit}.", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit : (int?)null) ?? DefaultLimit;
    }

    /// <summary>Reads the cursor by <paramref name="parse"/>, which gives null for one of another list.</summary>
    public T? ReadAfter<T>(QueryReader reader, Func<string, T?> parse)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.Read("after", After, "The `next` of a page of this list, with the same filter and sort.", parse);
    }
}
