using System.ComponentModel.DataAnnotations;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// At most so many characters: code points once normalised, however many keys the keyboard needed for one. What is short as it was
/// typed is short too: passwords from before anything was normalised were measured so.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MaxCharactersAttribute(int characters) : ValidationAttribute
{
    public int Characters { get; } = characters;

    public override bool IsValid(object? value)
        => value is not string text || text.Length <= Characters || NormalizedText.Length(NormalizedText.Compatible(text)) <= Characters;
}
