using System.Globalization;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>The command line.</summary>
internal sealed record CommandLine
{
    public const string HelpText = """
        Starts the whole system on this machine and stops it again on Ctrl+C.

        Usage: dotnet run --project AppHost -- [options]

          --replicas N          copies of each service, 1 to 8 (default 1)
          --data-dir PATH       where data, passwords and certificates are kept between runs
                                (default: a folder of this clone under the user's data folder)
          --fresh               start over: deletes the data and the generated passwords first;
                                the certificate authority stays, so that it need not be trusted again
          --ready-file PATH     once all is healthy, write addresses, process ids and generated
                                values to this file as JSON, readable by you alone
          --no-dashboard        start no dashboard and no receiver of telemetry
          --Ports:NAME N        move a port: Shop (7443), Identity (7444), Plain (7080),
                                Dashboard (7090), Otlp (the dashboard's receiver of telemetry, 7091)
          --Parameters:NAME V   set a parameter instead of having it generated
          --help                this text

        NO_COLOR switches colours off. Settings may also come from variables, as in Ports__Shop=9443.
        """;

    private const int MaximumReplicas = 8;

    // "--no-dashboard" is the AppHost's own, which it takes out and gives as an option of Aspire; here for the hint alone.
    private static readonly string[] Known = ["--replicas", "--data-dir", "--fresh", "--ready-file", "--no-dashboard", "--help", "--Ports:", "--Parameters:"];

    public bool Help { get; private set; }

    public bool Fresh { get; private set; }

    public string? DataDirectory { get; private set; }

    public string? ReadyFile { get; private set; }

    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostingException">An option is not known, or its value is no good.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var options = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            string Value() => value ?? (i + 1 < args.Count ? args[++i] : throw new HostingException($"{name} needs a value; --help explains."));
            options.Read(name, Value);
        }

        return options;
    }

    private void Read(string name, Func<string> value)
    {
        switch (name)
        {
            case "--help" or "-h" or "-?":
                Help = true;
                break;
            case "--fresh":
                Fresh = true;
                break;
            case "--data-dir":
                DataDirectory = Path.GetFullPath(value());
                break;
            case "--ready-file":
                ReadyFile = Path.GetFullPath(value());
                break;
            case "--replicas":
                Settings["Replicas"] = Number(name, value(), MaximumReplicas);
                break;
            case var port when port.StartsWith("--Ports:", StringComparison.OrdinalIgnoreCase):
                Settings[port[2..]] = Number(name, value(), ushort.MaxValue);
                break;
            case var parameter when parameter.StartsWith("--Parameters:", StringComparison.OrdinalIgnoreCase):
                Settings[parameter[2..]] = value();
                break;
            default:
                throw new HostingException($"{name} is not an option.{Hint(name)} --help explains all of them.");
        }
    }

    private static string Number(string name, string value, int maximum) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum
            ? value
            : throw new HostingException($"{name} takes a number from 1 to {maximum}, not '{value}'.");

    private static string Hint(string name)
    {
        var wanted = name.TrimStart('-').Split(':')[0];
        var near = Known.MinBy(option => Distance(wanted, option.Trim('-', ':')));
        return near is not null && Distance(wanted, near.Trim('-', ':')) <= 2 ? $" Did you mean {near}?" : "";
    }

    // How many letters have to be put in, taken out or changed.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
