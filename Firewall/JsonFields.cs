using System.Buffers;
using System.Text.Json;

namespace SecureShop.Firewall;

/// <summary>Reads JSON once from end to end and hands over its names and strings, unescaped.</summary>
internal static class JsonFields
{
    /// <summary>Whether it was JSON from end to end.</summary>
    /// <param name="inspection">Who judges.</param>
    /// <param name="json">The document.</param>
    /// <param name="field">The field that holds the document: its exclusions are for all that is in it. Null for a body, whose members are the fields.</param>
    public static bool Judge(Inspection inspection, ReadOnlySpan<byte> json, string? field = null)
    {
        var comments = field is null ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = comments });
        var buffer = ArrayPool<char>.Shared.Rent(json.Length + 1);
        var name = field ?? "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                    continue;
                var text = buffer.AsSpan(0, reader.CopyString(buffer));
                if (field is null && reader.TokenType == JsonTokenType.PropertyName)
                    name = Names.Of(text);
                inspection.Judge(reader.TokenType == JsonTokenType.String ? FieldKind.JsonValue : FieldKind.JsonName, name, text);
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON: in a body the service says so, and elsewhere it is judged as the text that it is. Half a pair of surrogates is the second.
            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }
}

/// <summary>Names of fields as they may stand in a log: a name is the caller's own text.</summary>
public static class Names
{
    private const int MaxLength = 40;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>The name, or <c>other</c> in place of what is none.</summary>
    public static string Of(ReadOnlySpan<char> name)
        => name.Length is > 0 and <= MaxLength && !name.ContainsAnyExcept(Plain) ? name.ToString() : "other";
}
