using SecureShop.Storage.Data.Callers;

namespace SecureShop.Database.Policies;

/// <summary>
/// The conditions that policies are made of, as SQL. What a setting says is asked in a subquery of its own: it is read once a statement,
/// not once a row, and leaves the indexes usable. A setting that is missing or empty is nobody's.
/// </summary>
internal static class Who
{
    public const string Nobody = "false";

    public const string Everyone = "true";

    /// <summary>Whose subject is in <paramref name="column"/>.</summary>
    public static string Owns(string column) => $"{column} = (select nullif(current_setting('shop.subject', true), ''))";

    /// <summary>The same, where the column is of the type uuid.</summary>
    public static string OwnsById(string column) => $"{column} = (select nullif(current_setting('shop.subject', true), '')::uuid)";

    /// <summary>Who has the role or scope <paramref name="right"/>.</summary>
    public static string Has(string right) => $"(select string_to_array(current_setting('shop.rights', true), ' ') @> array['{right}'])";

    /// <summary>The service itself, at one of <paramref name="tasks"/>.</summary>
    public static string Does(params IEnumerable<DatabaseTask> tasks)
        => $"(select current_setting('shop.task', true) in ({string.Join(", ", tasks.Select(task => $"'{task.Name}'"))}))";

    public static string Any(params IEnumerable<string> conditions) => $"({string.Join(" or ", conditions)})";

    public static string All(params IEnumerable<string> conditions) => $"({string.Join(" and ", conditions)})";
}
