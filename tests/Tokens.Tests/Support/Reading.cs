using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>Reads answers and tokens.</summary>
internal static class Reading
{
    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static string Error(this Answer answer) => answer.Json().Text("error");

    public static IReadOnlyList<string> Names(this JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> List(this JsonElement json, string name)
        => json.GetProperty(name) is { ValueKind: JsonValueKind.Array } several
            ? [.. several.EnumerateArray().Select(value => value.GetString()!)] : [json.Text(name)];

    /// <summary>The parameters of a redirect.</summary>
    public static IReadOnlyDictionary<string, string> Query(this Answer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.Found or HttpStatusCode.SeeOther, $"{answer.Status} {answer.Body}");
        var at = answer.Location!.IndexOf('?', StringComparison.Ordinal);
        return at < 0
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            : QueryHelpers.ParseQuery(answer.Location[at..]).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
    }

    public static string Path(this Answer answer) => answer.Location!.PathAndQuery().Split('?')[0];

    public static JsonElement Header(this JsonElement tokens, string name = "access_token") => Part(tokens.Text(name), 0);

    public static JsonElement Payload(this JsonElement tokens, string name = "access_token") => Part(tokens.Text(name), 1);

    public static JsonElement Part(string token, int index) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;

    public static void IsRefused(this Answer answer, string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.True(answer.Status == status, $"{answer.Status} {answer.Body}");
        Assert.Equal(error, answer.Error());
    }

    public static JsonElement IsGranted(this Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status} {answer.Body} {answer.Headers.GetValueOrDefault("WWW-Authenticate")}");
        return answer.Json();
    }
}
