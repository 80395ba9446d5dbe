using System.Security.Cryptography;
using System.Text.Json;

namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>Where a parameter's value comes from when configuration gives none.</summary>
public abstract class ParameterDefault
{
    /// <summary>Describes the default in a deployment manifest.</summary>
    public abstract void WriteToManifest(ManifestPublishingContext context);

    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A deployment manifest being written; the stand-in writes none.</summary>
public sealed class ManifestPublishingContext(Utf8JsonWriter writer)
{
    /// <summary>The manifest.</summary>
    public Utf8JsonWriter Writer { get; } = writer;
}

/// <summary>A random text.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Without i, l and o in either case, so that nobody reads one for another.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Marks = "-_.{}~()*+!";

    /// <summary>The length.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether small letters occur.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether capital letters occur.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits occur.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether punctuation occurs.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        var characters = (Lower ? Letters : "") + (Upper ? Letters.ToUpperInvariant() : "") + (Numeric ? Digits : "") + (Special ? Marks : "");
        return RandomNumberGenerator.GetString(characters, MinLength);
    }

    /// <inheritdoc />
    public override void WriteToManifest(ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        context.Writer.WriteEndObject();
    }
}
