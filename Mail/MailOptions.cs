using MimeKit;

namespace SecureShop.Mail;

/// <summary>How the connection to the mail server is made secure. There is no other way than these.</summary>
internal enum MailSecurity
{
    /// <summary>Not chosen.</summary>
    Unset,

    /// <summary>TLS by the command STARTTLS, as at port 587. A server, or whoever stands before it, that does not offer it gets no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as at port 465.</summary>
    Tls,
}

/// <summary>
/// Section <c>Mail</c>: the mail server that takes the letters. Without one the service does not start: nobody could confirm an address
/// or get in again, and all would look well.
/// </summary>
internal sealed record MailOptions
{
    public const string Section = "Mail";

    public string Server { get; init; } = "";

    public int Port { get; init; }

    public MailSecurity Security { get; init; }

    /// <summary>Whom letters come from: an address, or a name with one in angle brackets.</summary>
    public string From { get; init; } = "";

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A PEM file with the authorities that alone may vouch for the server; what the machine trusts where it is not set.</summary>
    public string? TrustedRoots { get; init; }

    public MailboxAddress Sender => MailboxAddress.Parse(From);

    internal sealed class Validator : IValidateOptions<MailOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailOptions options)
        {
            List<string> faults = [];
            if (Uri.CheckHostName(options.Server) == UriHostNameType.Unknown)
                faults.Add("Set Mail__Server to the mail server that takes the shop's letters, such as smtp.example.org: without it nobody can confirm an address.");
            if (options.Port is < 1 or > ushort.MaxValue)
                faults.Add("Set Mail__Port to the port of the mail server, such as 587.");

            // In the clear, whoever is on the way reads the links that reset passwords.
            if (options.Security is not (MailSecurity.StartTls or MailSecurity.Tls))
                faults.Add("Set Mail__Security to StartTls (usual at port 587) or Tls (at port 465).");
            if (!MailboxAddress.TryParse(options.From, out var sender) || !sender.Address.Contains('@', StringComparison.Ordinal))
                faults.Add("Set Mail__From to the address that letters come from, such as SecureShop <accounts@shop.example>.");
            if (string.IsNullOrEmpty(options.User) != string.IsNullOrEmpty(options.Password))
                faults.Add("Set Mail__User and Mail__Password both, or neither where the mail server asks for none.");
            if (options.TrustedRoots is { Length: > 0 } file && !File.Exists(file))
                faults.Add("Set Mail__TrustedRoots to a PEM file with the authority of the mail server, or not at all.");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
