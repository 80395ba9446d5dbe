namespace SecureShop.ServiceDefaults;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
