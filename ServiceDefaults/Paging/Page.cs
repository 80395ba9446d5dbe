namespace SecureShop.ServiceDefaults;

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
