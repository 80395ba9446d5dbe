using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace SecureShop.ServiceDefaults.Text;

/// <summary>
/// All of the text is as a pattern says. The framework's own attribute, whose it is but for one thing: it lets an empty text
/// pass every pattern, and what must not be empty then arrives empty.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The one that mends it.")]
public sealed class PatternAttribute : RegularExpressionAttribute
{
    /// <summary>Of <paramref name="pattern"/>, which documents of the API show, and which no text keeps busy.</summary>
    public PatternAttribute([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
        : base(pattern)
        => MatchTimeoutInMilliseconds = 100;

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null or string { Length: > 0 } && base.IsValid(value);
}
