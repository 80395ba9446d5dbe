using System.ComponentModel.DataAnnotations;

namespace SecureShop.ServiceDefaults.Text;

/// <summary>
/// At most so many characters: code points once normalised, however many keys the keyboard needed for one. What is short as it was
/// typed is short too: passwords from before anything was normalised were measured so.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaxCharactersAttribute(int characters) : ValidationAttribute
{
    /// <summary>How many.</summary>
    public int Characters { get; } = characters;

    /// <inheritdoc/>
    public override bool IsValid(object? value)
        => value is not string text || text.Length <= Characters || NormalizedText.Length(NormalizedText.Compatible(text)) <= Characters;
}
