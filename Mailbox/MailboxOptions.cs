using Microsoft.Extensions.Options;

namespace SecureShop.Mailbox;

/// <summary>Section <c>Mailbox</c>: where mail is taken, and from whom.</summary>
internal sealed record MailboxOptions
{
    public const string Section = "Mailbox";

    /// <summary>The SMTP port on loopback; 0 for any.</summary>
    public int Port { get; init; }

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>A PEM file with the certificate that SMTP is served with.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>A PEM file with its key.</summary>
    public string Key { get; init; } = "";

    internal sealed class Validator : IValidateOptions<MailboxOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailboxOptions options)
            => options.Port is < 0 or > ushort.MaxValue ? ValidateOptionsResult.Fail("Set Mailbox__Port to the port where mail is to be taken, or 0.")
                : options.User.Length == 0 || options.Password.Length < 16 ? ValidateOptionsResult.Fail("Set Mailbox__User and Mailbox__Password (16 characters or more) to what its sender shows.")
                : !File.Exists(options.Certificate) || !File.Exists(options.Key) ? ValidateOptionsResult.Fail("Set Mailbox__Certificate and Mailbox__Key to PEM files: no mail is taken in the clear.")
                : ValidateOptionsResult.Success;
    }
}
