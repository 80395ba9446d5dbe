using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SecureShop.ServiceDefaults;

/// <summary>
/// Reads the parameters of a query, which are bound as text, and collects what is wrong: the caller learns of every wrong one at
/// once, by the name that it wrote and with what it may be.
/// </summary>
public sealed class QueryReader
{
    private readonly Dictionary<string, string[]> errors = new(StringComparer.Ordinal);

    /// <summary>Whether everything that was read is as it may be.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>The answer where it is not.</summary>
    public ValidationProblem Problem() => TypedResults.ValidationProblem(errors);

    /// <summary>Notes that the parameter <paramref name="name"/> is wrong; <paramref name="rule"/> says what it may be.</summary>
    public void Refuse(string name, string rule) => errors.TryAdd(name, [rule]);

    /// <summary>Reads a parameter by <paramref name="parse"/>, which gives null for what is not allowed. Null where it is absent.</summary>
    public T? Read<T>(string name, string? value, string rule, Func<string, T?> parse)
    {
        ArgumentNullException.ThrowIfNull(parse);
        if (value is null)
            return default;
        var parsed = parse(value);
        if (parsed is null)
            Refuse(name, rule);
        return parsed;
    }

    /// <summary>Reads <c>true</c> or <c>false</c>; absent is false.</summary>
    public bool ReadFlag(string name, string? value)
        => Read(name, value, "true or false.", text => text switch { "true" => true, "false" => false, _ => (bool?)null }) is true;
}
