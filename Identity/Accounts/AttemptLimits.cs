using System.ComponentModel.DataAnnotations;

namespace SecureShop.Identity.Accounts;

/// <summary>Section <c>Attempts</c>: how often someone may guess. Defaults suit a shop; the ranges keep a typo from opening the door.</summary>
internal sealed class AttemptLimits
{
    public const string Section = "Attempts";

    /// <summary>Failed sign-ins per account and window, counted alike for accounts that do not exist.</summary>
    [Range(3, 20, ErrorMessage = "Attempts:PerAccount must be 3 to 20.")]
    public int PerAccount { get; set; } = 5;

    /// <summary>Failed sign-ins per network address and window, whatever the account: stops one guess at each of many accounts.</summary>
    [Range(10, 1000, ErrorMessage = "Attempts:PerAddress must be 10 to 1000.")]
    public int PerAddress { get; set; } = 60;

    /// <summary>Registrations per network address and window.</summary>
    [Range(3, 1000, ErrorMessage = "Attempts:Registrations must be 3 to 1000.")]
    public int Registrations { get; set; } = 60;

    /// <summary>The window in minutes, which starts with the first attempt.</summary>
    [Range(5, 1440, ErrorMessage = "Attempts:Minutes must be 5 to 1440.")]
    public int Minutes { get; set; } = 15;

    public TimeSpan Window => TimeSpan.FromMinutes(Minutes);
}
