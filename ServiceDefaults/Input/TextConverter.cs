using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>Reads strings of JSON that are text (<see cref="TextRules"/>), wherever in a body they stand.</summary>
internal sealed class TextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString()!;
        return TextRules.IsText(text) ? text : throw new NoTextException();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }
}

/// <summary>A string that is no text. The serializer adds where it stands.</summary>
internal sealed class NoTextException() : JsonException(TextRules.Message);
