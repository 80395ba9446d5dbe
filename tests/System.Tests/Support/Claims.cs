using System.Buffers.Text;
using System.Text.Json;

namespace SecureShop.SystemTests.Support;

internal static class Claims
{
    public static string Subject(string token) => Of(token).GetProperty("sub").GetString()!;

    public static DateTimeOffset Expiry(string token) => DateTimeOffset.FromUnixTimeSeconds(Of(token).GetProperty("exp").GetInt64());

    private static JsonElement Of(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
}
