using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Writes amounts with two decimals at least: a decimal remembers how it was written, so that 10.0000 would be answered to whoever
/// sends it and 10.00 to whoever reads it from the database, under one ETag. Digits that say more are kept.
/// </summary>
internal sealed class AmountConverter : JsonConverter<decimal>
{
    private const decimal Cents = 0.00m;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var rounded = decimal.Round(value, 2);
        writer.WriteNumberValue(rounded == value ? rounded + Cents : value);
    }
}
