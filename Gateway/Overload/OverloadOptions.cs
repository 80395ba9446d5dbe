using Microsoft.Extensions.Options;

namespace SecureShop.Gateway.Overload;

/// <summary>Section <c>Overload</c>: how much is done at once, and who waits for how long.</summary>
internal sealed record OverloadOptions
{
    public const string Section = "Overload";

    /// <summary>Requests that are served at once.</summary>
    public int Permits { get; init; } = 200;

    /// <summary>How long a request waits for its turn before it is shed.</summary>
    public int WaitMilliseconds { get; init; } = 500;

    /// <summary>Requests under way to one replica of a service: one that hangs must not hold all permits.</summary>
    public int PerReplica { get; init; } = 150;

    public Dictionary<string, ClassShare> Classes { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    internal sealed class Validator : IValidateOptions<OverloadOptions>
    {
        public ValidateOptionsResult Validate(string? name, OverloadOptions options)
            => Faults(options).ToList() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

        private static IEnumerable<string> Faults(OverloadOptions options)
        {
            if (options.Permits is < 1 or > 10_000 || options.Classes.Values.Sum(share => (long)share.Reserved) > options.Permits)
                yield return "Set Overload__Permits to 1 to 10000, and to no less than all that the classes have Reserved.";
            if (options.WaitMilliseconds is < 1 or > 5_000)
                yield return "Set Overload__WaitMilliseconds to 1 to 5000.";
            if (options.PerReplica is < 1 or > 10_000)
                yield return "Set Overload__PerReplica to 1 to 10000.";
            var classes = Enum.GetNames<LoadClass>();
            foreach (var kind in classes.Where(kind => !options.Classes.TryGetValue(kind, out var share) || !share.Fits(options.Permits)))
                yield return $"Set Overload__Classes__{kind}__Most to 1 to Permits, __Reserved to 0 to Most, and __Queue to 0 to 10000.";
            foreach (var kind in options.Classes.Keys.Except(classes, StringComparer.OrdinalIgnoreCase))
                yield return $"Set Overload__Classes__{kind} for a class that there is: {string.Join(", ", classes)}.";
        }
    }
}

/// <summary>What a class may have of the permits: some that nobody else gets, so many at most, and how many requests may wait.</summary>
internal sealed record ClassShare(int Reserved = 0, int Most = 0, int Queue = 0)
{
    public bool Fits(int permits) => Most >= 1 && Most <= permits && Reserved >= 0 && Reserved <= Most && Queue is >= 0 and <= 10_000;
}

/// <summary>Which requests go before which where there is not room for all, the first before the last.</summary>
internal enum LoadClass
{
    /// <summary>What people ask of the identity server: who cannot sign in can do nothing else.</summary>
    SignIn,
    Token,
    Write,
    Read,

    /// <summary>Products by words, which cost the database most.</summary>
    Search,
}
