using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.ServiceDefaults.Documents;

/// <summary>
/// Says of every text, whole number and list how large it gets, so that who reads it can be strict: where it has no bound of its own,
/// by its type and by what one request can bring in.
/// </summary>
internal static class SchemaBounds
{
    private const int Items = 1_000;
    private const int Uuid = 36;
    private const int Time = 40;

    public static void Apply(OpenApiSchema schema, JsonPropertyInfo? property = null)
    {
        if (Is(schema, JsonSchemaType.String) && schema.Enum is not { Count: > 0 })
        {
            var own = (property?.AttributeProvider as MemberInfo)?.GetCustomAttribute<MaxCharactersAttribute>()?.Characters;
            schema.MaxLength ??= own ?? schema.Format switch { "uuid" => Uuid, "date-time" => Time, _ => RequestLimits.Body };
        }

        if (Is(schema, JsonSchemaType.Integer))
        {
            schema.Format ??= "int32";
            schema.Minimum ??= (schema.Format == "int64" ? long.MinValue : int.MinValue).ToString(CultureInfo.InvariantCulture);
            schema.Maximum ??= (schema.Format == "int64" ? long.MaxValue : int.MaxValue).ToString(CultureInfo.InvariantCulture);
        }

        if (Is(schema, JsonSchemaType.Array))
            schema.MaxItems ??= Items;
        foreach (var part in (schema.Properties?.Values ?? []).Append(schema.Items).Append(schema.AdditionalProperties).OfType<OpenApiSchema>())
            Apply(part);
    }

    private static bool Is(OpenApiSchema schema, JsonSchemaType type) => schema.Type?.HasFlag(type) == true;
}
