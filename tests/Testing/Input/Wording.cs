using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecureShop.Testing;

/// <summary>How refusals are worded: for the caller, who knows the API and nothing of the framework and the types behind it.</summary>
public static partial class Wording
{
    /// <summary>What is wrong with the words of an answer; null where nothing is.</summary>
    public static string? Fault(JsonElement problem)
    {
        if (problem.TryGetProperty("detail", out var detail) && Fault(detail.GetString()!) is { } fault)
            return fault;
        if (!problem.TryGetProperty("errors", out var errors))
            return null;

        foreach (var error in errors.EnumerateObject())
        {
            if (!OnTheWire().IsMatch(error.Name))
                return $"the name {error.Name}";
            foreach (var message in error.Value.EnumerateArray().Select(message => message.GetString()!))
            {
                if (Fault(message, error.Name) is { } wrong)
                    return wrong;
            }
        }

        return null;
    }

    /// <summary>What is wrong with one message; <paramref name="member"/> is what it is about.</summary>
    public static string? Fault(string message, string? member = null)
    {
        if (message.Length == 0 || Inside().Match(message) is { Success: true })
            return $"'{message}'";

        // The name in C# of what is called "quantity" outside.
        var name = member?.Split('.')[^1].Split('[')[0];
        return name is { Length: > 0 } && char.IsAsciiLetterLower(name[0])
            && Regex.IsMatch(message, $@"\b{char.ToUpperInvariant(name[0])}{Regex.Escape(name[1..])}\b", RegexOptions.None, TimeSpan.FromSeconds(1))
                ? $"'{message}' names {name} in C#"
                : null;
    }

    [GeneratedRegex(@"Attribute|Exception|\bfield\b|\bproperty\b|\bparameter '|regular expression|\^|string or array|System\.|Microsoft\.|JSON value|LineNumber|BytePosition|\$\.|Nullable|\bnull\b.*converter|Int32|Int64|\bGuid\b|\bDecimal\b|\bBoolean\b|\bString\b|IReadOnlyList|<|[A-Z][a-z]+[A-Z][a-z]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Inside();

    // Members as in JSON, parameters as in the address, and headers.
    [GeneratedRegex(@"^([a-z][A-Za-z0-9_]*(\[[0-9]+\])?(\.[a-z][A-Za-z0-9_]*(\[[0-9]+\])?)*|Idempotency-Key|If-Match)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OnTheWire();
}
