using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Refuses query parameters that an endpoint does not have: a misspelt filter that is passed over shows more than was asked for. And
/// those that come twice: two values mean two things to two readers.
/// </summary>
public static class QueryRefusals
{
    private const int MostNamed = 10;
    private const int LongestName = 40;

    private static readonly ConditionalWeakTable<Endpoint, HashSet<string>> Known = [];

    /// <summary>Leaves the query to what answers the endpoint: a page or protocol of a framework, whose handlers we do not see.</summary>
    public static TBuilder AllowAnyQuery<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(AnyQuery.Instance);

    /// <summary>After the authorization: whoever may not call an endpoint does not learn what it takes.</summary>
    public static void UseQueryRefusals(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<AnyQuery>() is not null)
            return next(context);

        var known = Known.GetValue(endpoint, _ => Names(endpoint));
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, values) in context.Request.Query.Where(given => !known.Contains(given.Key) || given.Value.Count > 1).Take(MostNamed))
            errors[IsMemberName(name) ? name : "query"] = [Fault(known, name, values)];
        return errors.Count == 0 ? next(context) : TypedResults.ValidationProblem(errors).ExecuteAsync(context);
    });

    private static string Fault(HashSet<string> known, string name, StringValues values)
    {
        if (known.Contains(name) && values.Count > 1)
            return "Give it once.";
        return known.Count == 0 ? "There are no parameters here." : $"There is no such parameter; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
    }

    /// <summary>Whether a problem may have a member of this name, which the caller has chosen: not, for one, <c>__proto__</c>.</summary>
    internal static bool IsMemberName(string name) => IsPlain(name) && char.IsAsciiLetter(name[0]);

    internal static bool IsPlain(string name) => name.Length is > 0 and <= LongestName && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    private static HashSet<string> Names(RouteEndpoint endpoint)
        => endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Select(parameter => NameInQuery(endpoint, parameter)).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>As the framework binds: what is said to be of the query, and what can be read from text and is said to be of nothing else.</summary>
    private static string? NameInQuery(RouteEndpoint endpoint, IParameterBindingMetadata parameter)
    {
        var sources = parameter.ParameterInfo.GetCustomAttributes(inherit: false);
        if (sources.OfType<IFromQueryMetadata>().FirstOrDefault() is { } query)
            return query.Name ?? Written(parameter);

        var isElsewhere = sources.Any(source => source is IFromHeaderMetadata or IFromRouteMetadata or IFromBodyMetadata or IFromFormMetadata or IFromServiceMetadata)
            || endpoint.RoutePattern.GetParameter(parameter.Name) is not null;
        return !isElsewhere && (parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string)) ? Written(parameter) : null;
    }

    // The property of a record of parameters is written as in JSON.
    private static string Written(IParameterBindingMetadata parameter) => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name);

    private sealed class AnyQuery
    {
        public static AnyQuery Instance { get; } = new();
    }
}

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
