using System.Text;
using System.Text.RegularExpressions;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>What secrets look like, for those that a journey never gets to see: an assertion between two services, a sealed cookie.</summary>
internal static partial class SecretShapes
{
    private static readonly Dictionary<string, Regex> Shapes = new(StringComparer.Ordinal)
    {
        ["a JWT"] = Jwt(),
        ["a private key"] = PrivateKey(),
        ["an API key"] = ApiKey(),
        ["a data-protection payload"] = Sealed(),
        ["a password hash of ASP.NET Core Identity"] = PasswordHash(),
        ["a bearer or basic credential"] = Credential(),
        ["a password in a connection string"] = ConnectionPassword(),
    };

    public static IEnumerable<string> In(string text) => Shapes.Where(shape => shape.Value.IsMatch(text)).Select(shape => shape.Key);

    public static IEnumerable<string> In(byte[] bytes) => In(Encoding.Latin1.GetString(bytes));

    // What a checkpoint of an audit trail begins with, which is signed in the same way, opens nothing, and is in the log for whoever verifies it.
    private const string Checkpoint = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF1ZGl0LWNoZWNrcG9pbnQi";

    [GeneratedRegex($"(?<!{Checkpoint}[A-Za-z0-9_-]*\\.)(?!{Checkpoint})eyJ[A-Za-z0-9_-]{{8,}}\\.", RegexOptions.None, 5000)]
    private static partial Regex Jwt();

    [GeneratedRegex("PRIVATE KEY-----|MIGHAgEAMBMGByqGSM49|MHcCAQEEI", RegexOptions.None, 5000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex("sk_shop_[0-9A-Za-z]{38}", RegexOptions.None, 5000)]
    private static partial Regex ApiKey();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]{8,}", RegexOptions.None, 5000)]
    private static partial Regex Sealed();

    [GeneratedRegex("AQAAAA[EI][A-Za-z0-9+/]{20,}", RegexOptions.None, 5000)]
    private static partial Regex PasswordHash();

    [GeneratedRegex("(?i)\\b(bearer|basic|dpop) [A-Za-z0-9+/_=.-]{16,}", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Credential();

    [GeneratedRegex("(?i)(password|pwd) ?= ?[^ ;*]{3,}", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ConnectionPassword();
}
