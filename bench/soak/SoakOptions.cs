using System.Globalization;

namespace SecureShop.Bench.Soak;

/// <summary>What the command line asks for.</summary>
internal sealed record SoakOptions(int Faults = 300, int Customers = 6, ulong Seed = 1)
{
    public const string Help = """
        Usage: soak [--faults N] [--customers N] [--seed N]
               soak placing [ROUNDS]
          --faults N     how often a process is killed, frozen or cut off (300; about 6 s each)
          --customers N  how many place, cancel and ship at once (6)
          --seed N       which faults, when (1); the same number is the same sequence
        Ends with 0 where all of this holds afterwards, and with 1 where something does not: stock conserved, nobody charged twice, no accepted
        order lost, every change of an order in the audit trail once, nothing stuck.
        "placing" measures what an order costs that is placed and paid, at the service and through the gateway (6 rounds).
        """;

    /// <summary>Null where it asks for something else.</summary>
    public static SoakOptions? Parse(string[] args)
    {
        var options = new SoakOptions();
        for (var place = 0; place < args.Length; place += 2)
        {
            if (place + 1 == args.Length || !int.TryParse(args[place + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            var read = (args[place], number) switch
            {
                ("--faults", <= 100_000) => options with { Faults = number },
                ("--customers", >= 1 and <= 200) => options with { Customers = number },
                ("--seed", _) => options with { Seed = (ulong)number },
                _ => null,
            };
            if (read is null)
                return null;
            options = read;
        }

        return options;
    }
}
