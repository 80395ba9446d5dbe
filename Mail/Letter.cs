using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace SecureShop.Mail;

/// <summary>A letter to one person.</summary>
internal sealed record Letter(string To, string Subject, string Text);

/// <summary>
/// Seals what waits to be sent: a letter holds a link that opens an account, and an address. A dump of the database shows neither.
/// </summary>
internal sealed class LetterSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("SecureShop.Mail");

    public byte[] Close(Letter letter) => protector.Protect(JsonSerializer.SerializeToUtf8Bytes(letter));

    public Letter Open(byte[] content) => JsonSerializer.Deserialize<Letter>(protector.Unprotect(content))!;
}
