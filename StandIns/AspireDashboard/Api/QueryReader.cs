using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>
/// Reads a query string and finds the first thing wrong with it: unknown, repeated or bad values are refused, not
/// guessed at. Ask for every parameter, then for <see cref="Problem"/>.
/// </summary>
internal sealed class QueryReader(HttpRequest request)
{
    private const int LongestText = 200;

    private readonly IQueryCollection _query = request.Query;
    private readonly List<string> _known = [];
    private string? _problem;

    /// <summary>What is wrong, in one sentence; null when nothing is.</summary>
    public string? Problem => _problem ?? (_query.Keys.FirstOrDefault(key => !_known.Contains(key, StringComparer.Ordinal)) is { } key
        ? $"The parameter '{key}' is not known here."
        : null);

    public string? Text(string name)
    {
        _known.Add(name);
        if (!_query.TryGetValue(name, out var values) || values is [null or ""])
            return null;
        if (values is [{ Length: <= LongestText } text])
            return text;
        Refuse(name, $"is given once, with at most {LongestText} characters");
        return null;
    }

    public IReadOnlyList<string> Texts(string name, int most)
    {
        _known.Add(name);
        if (!_query.TryGetValue(name, out var values))
            return [];
        var texts = values.OfType<string>().ToList();
        if (texts.Count <= most && texts.TrueForAll(text => text.Length is > 0 and <= LongestText))
            return texts;
        Refuse(name, $"is given at most {most} times, with at most {LongestText} characters");
        return [];
    }

    public long? Long(string name) =>
        Parse(name, "is a whole number, not below zero", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : (long?)null);

    public double? Number(string name) => Parse(
        name,
        "is a number, not below zero",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : (double?)null);

    public int Int(string name, int standard, int least, int most) =>
        Parse(
            name,
            $"is a whole number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : (int?)null) ?? standard;

    public bool Flag(string name) => Parse(name, "is true or false", text => text switch { "true" => true, "false" => false, _ => (bool?)null }) ?? false;

    /// <summary>Reads with <paramref name="parse"/>, which answers null for what it does not take.</summary>
    public T? Parse<T>(string name, string rule, Func<string, T?> parse)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        var value = parse(text);
        if (value is null)
            Refuse(name, rule);
        return value;
    }

    private void Refuse(string name, string rule) => _problem ??= $"The parameter '{name}' {rule}.";
}
