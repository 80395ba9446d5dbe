using System.Text.RegularExpressions;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>The names of events in words for the people they are about: <c>SignInFailed</c> is "Sign in failed".</summary>
internal static partial class EventWords
{
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["FactorShown"] = "Second factor shown",
        ["FactorAdded"] = "Second factor added",
        ["FactorRemoved"] = "Second factor removed",
        ["FactorRefused"] = "Second factor refused",
        ["EmailConfirmed"] = "E-mail address confirmed",
        ["EmailChanged"] = "E-mail address changed",
        ["LockedOut"] = "Shut for a while after wrong passwords",
        ["RegisteredAgain"] = "Somebody registered your address once more",
        ["Rehashed"] = "Your password was stored anew, in a stronger form",
        ["GrantRefused"] = "An app was refused",
        ["SessionsEndedByAdmin"] = "An administrator ended your sessions",
        ["ApiKeyMade"] = "API key made",
        ["ApiKeyRotated"] = "API key replaced",
        ["ApiKeyRevoked"] = "API key revoked",
        ["ApiKeyRefused"] = "API key refused",
        ["ExportAsked"] = "A copy of your data asked for",
        ["PersonalPartAnswered"] = "A part of your data put together",
        ["DataExported"] = "Your data downloaded",
        ["RightsChangeRefused"] = "A change of your account was refused",
    };

    public static string Of(string name)
        => Others.GetValueOrDefault(name) ?? Humps().Replace(name, hump => $" {hump.Value.ToLowerInvariant()}");

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex Humps();
}
