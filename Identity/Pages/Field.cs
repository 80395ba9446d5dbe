namespace SecureShop.Identity.Pages;

/// <summary>One labelled input of a form, with its hint and its errors tied to it for those who hear the page.</summary>
/// <param name="Name">The form's name for it, as bound.</param>
/// <param name="Label">What people read.</param>
/// <param name="Type">The input's type.</param>
/// <param name="Autocomplete">What password managers fill in.</param>
/// <param name="MaxLength">The longest value in characters; browsers count UTF-16, of which a character takes up to two.</param>
/// <param name="Value">What was typed before; never for passwords.</param>
/// <param name="Hint">What helps before there is an error.</param>
/// <param name="Autofocus">Whether the cursor starts here.</param>
/// <param name="ReadOnly">Whether it is there to be read, by people and their password managers.</param>
/// <param name="Inputmode">Which keyboard a phone shows, where the type does not say so.</param>
internal sealed record Field(
    string Name, string Label, string Type, string Autocomplete, int MaxLength, string? Value = null, string? Hint = null, bool Autofocus = false, bool ReadOnly = false,
    string? Inputmode = null)
{
    public string Id => Name.Replace('.', '-');
}
