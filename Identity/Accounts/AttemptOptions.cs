namespace SecureShop.Identity.Accounts;

/// <summary>Section <c>Attempts</c>: how often someone may guess. Defaults suit a shop; the ranges keep a typo from opening the door.</summary>
internal sealed record AttemptOptions
{
    public const string Section = "Attempts";

    /// <summary>Failed sign-ins per account and window by devices that are not known to it, counted alike for accounts that do not exist.</summary>
    public int PerAccount { get; init; } = 5;

    /// <summary>Failed sign-ins per window of each device that has signed in to the account before.</summary>
    public int PerDevice { get; init; } = 10;

    /// <summary>Failed sign-ins per network address and window, whatever the account: stops one guess at each of many accounts.</summary>
    public int PerAddress { get; init; } = 60;

    /// <summary>Registrations per network address and window; as many times letters may be asked for without one.</summary>
    public int Registrations { get; init; } = 60;

    /// <summary>Letters that strangers can have sent to one e-mail address in an hour: reset, confirm, "you have an account".</summary>
    public int Letters { get; init; } = 5;

    /// <summary>The window in minutes, which starts with the first attempt.</summary>
    public int Minutes { get; init; } = 15;

    public TimeSpan Window => TimeSpan.FromMinutes(Minutes);

    internal sealed class Validator : IValidateOptions<AttemptOptions>
    {
        public ValidateOptionsResult Validate(string? name, AttemptOptions options)
        {
            (string Setting, int Value, int Min, int Max)[] ranges =
            [
                (nameof(PerAccount), options.PerAccount, 3, 20), (nameof(PerDevice), options.PerDevice, 3, 20), (nameof(PerAddress), options.PerAddress, 10, 1000),
                (nameof(Registrations), options.Registrations, 3, 1000), (nameof(Letters), options.Letters, 2, 20), (nameof(Minutes), options.Minutes, 5, 1440),
            ];
            var faults = ranges.Where(range => range.Value < range.Min || range.Value > range.Max)
                .Select(range => $"Set {Section}__{range.Setting} to {range.Min} to {range.Max}.").ToList();
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
