using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.ServiceDefaults.Paging;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>The same page with each row as <paramref name="selector"/> shows it.</summary>
    public Page<TResult> Select<TResult>(Func<T, TResult> selector) => new([.. Items.Select(selector)], Next);
}

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>
    /// The page of the first <paramref name="limit"/> of <paramref name="rows"/>. One more than that is to be read: it tells whether there
    /// is a next page, without counting.
    /// </summary>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int limit, Func<T, string> cursor)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(cursor);
        return rows.Count <= limit ? new(rows, null) : new([.. rows.Take(limit)], cursor(rows[limit - 1]));
    }
}

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

/// <summary>
/// Where a keyset page goes on. Opaque to clients, but not secret and not trusted: the parts are parsed and bound as
/// parameters again, and the query is scoped to its owner, so a made-up cursor only moves the caller within its own rows.
/// </summary>
public static class PageCursor
{
    /// <summary>The longest cursor that is looked at: a key of 120 characters takes up to 12 bytes for each as JSON, and a third more here.</summary>
    public const int MaxLength = 2048;

    /// <summary>Makes a cursor of the sort keys of the last row.</summary>
    public static string Encode(params string[] parts) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));

    /// <summary>Reads a cursor of exactly <paramref name="parts"/> parts.</summary>
    public static bool TryDecode(string? cursor, int parts, [NotNullWhen(true)] out string[]? values)
    {
        values = null;
        if (cursor is null or { Length: 0 or > MaxLength } || !Base64Url.IsValid(cursor))
            return false;
        try
        {
            var read = JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(cursor));
            if (read is null || read.Length != parts || read.Contains(null))
                return false;
            values = read!;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
