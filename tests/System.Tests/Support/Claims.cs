using System.Buffers.Text;
using System.Text.Json;

namespace SecureShop.SystemTests.Support;

internal static class Claims
{
    public static string Subject(string token) =>
        JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).GetProperty("sub").GetString()!;
}
