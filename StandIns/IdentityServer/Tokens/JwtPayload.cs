using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SecureShop.StandIns.IdentityServer.Tokens;

/// <summary>Writes claims as JSON: one value as it is, several as an array.</summary>
internal static class JwtPayload
{
    public static string Write(IReadOnlyDictionary<string, object> members, IEnumerable<Claim> claims)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            foreach (var group in claims.Where(claim => !members.ContainsKey(claim.Type)).GroupBy(claim => claim.Type, StringComparer.Ordinal))
                WriteClaims(json, group.Key, group.DistinctBy(claim => claim.Value, StringComparer.Ordinal).ToList());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteClaims(Utf8JsonWriter json, string type, List<Claim> claims)
    {
        json.WritePropertyName(type);

        // amr is an array even for one method (OpenID Connect Core 2).
        var asArray = claims.Count > 1 || type == ClaimNames.AuthenticationMethod;
        if (asArray)
            json.WriteStartArray();
        foreach (var claim in claims)
            WriteValue(json, claim);
        if (asArray)
            json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, Claim claim)
    {
        switch (claim.ValueType)
        {
            case ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64
                when long.TryParse(claim.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                json.WriteNumberValue(number);
                break;
            case ClaimValueTypes.Boolean when bool.TryParse(claim.Value, out var truth):
                json.WriteBooleanValue(truth);
                break;
            default:
                json.WriteStringValue(claim.Value);
                break;
        }
    }
}
