using System.Collections.Specialized;
using Microsoft.Extensions.Primitives;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Reads request parameters.</summary>
internal static class Parameters
{
    public static NameValueCollection From(IEnumerable<KeyValuePair<string, StringValues>> values)
    {
        var parameters = new NameValueCollection(StringComparer.Ordinal);
        foreach (var (name, texts) in values)
        {
            foreach (var text in texts)
                parameters.Add(name, text);
        }

        return parameters;
    }

    public static NameValueCollection FromQuery(HttpRequest request) => From(request.Query);

    /// <summary>The form's parameters; null if the body is no form, or is not one that can be read.</summary>
    public static async Task<NameValueCollection?> FromFormAsync(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0].Trim() is not { } type || !type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return From(await request.ReadFormAsync(request.HttpContext.RequestAborted));
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The name of a parameter that is sent twice (RFC 6749 3.1): two readers could each believe another value.</summary>
    public static string? FindRepeated(NameValueCollection parameters) =>
        parameters.AllKeys.FirstOrDefault(name => parameters.GetValues(name)?.Length > 1);

    public static IEnumerable<KeyValuePair<string, string?>> Pairs(NameValueCollection parameters) =>
        parameters.AllKeys.OfType<string>().Select(name => KeyValuePair.Create(name, parameters[name]));

    /// <summary>The value, or null when it is missing or blank.</summary>
    public static string? Value(this NameValueCollection parameters, string name) =>
        parameters[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
