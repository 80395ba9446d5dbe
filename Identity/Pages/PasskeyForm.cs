namespace SecureShop.Identity.Pages;

/// <summary>A form that the passkey script fills in and sends.</summary>
/// <param name="Options">Where the script asks what to ask the browser for.</param>
/// <param name="Kind">"create" or "get", as the browser's own functions are called; "offer" also offers passkeys where the address is typed.</param>
/// <param name="Action">Where the answer goes.</param>
/// <param name="Text">The button's.</param>
/// <param name="ReturnUrl">Where to go on after a sign-in.</param>
/// <param name="Name">A field with the name of a new passkey.</param>
/// <param name="Second">Whether another button of the page matters more.</param>
internal sealed record PasskeyForm(
    string Options, string Kind, string Action, string Text, string? ReturnUrl = null, Field? Name = null, bool Second = false);
