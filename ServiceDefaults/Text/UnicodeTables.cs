using System.Globalization;
using System.Text;

namespace SecureShop.ServiceDefaults.Text;

/// <summary>
/// Unicode's own tables, which .NET takes from ICU. Without them normalising a text does nothing and says nothing: one e-mail
/// address would be two, and a password from another keyboard a wrong one. So nothing starts without them.
/// </summary>
public static class UnicodeTables
{
    /// <summary>What is wrong where they are not there. Where ICU is missing and nothing switches it off, .NET itself ends the program.</summary>
    internal const string Missing =
        "Unicode's tables (ICU) are switched off by DOTNET_SYSTEM_GLOBALIZATION_INVARIANT or by the project: unset it, and where ICU is missing "
        + "install it, as with 'sudo apt install libicu-dev'.";

    /// <summary>Whether they are there.</summary>
    public static bool Available { get; } = "e\u0301\uFF21".Normalize(NormalizationForm.FormKC) == "\u00E9A";

    /// <summary>
    /// For the first line of a program that compares what people wrote. What it writes itself stays the same on every machine, in
    /// the invariant culture.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">They are not there; the message says how they come.</exception>
    public static void Require()
    {
        if (!Available)
            throw new PlatformNotSupportedException(Missing);
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
    }
}
