using System.Globalization;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>The command line: options of ours, which become settings of the AppHost, and any setting as it is.</summary>
internal sealed record CommandLine
{
    public const string HelpText = """
        Starts the whole system on this machine and stops it again on Ctrl+C.

        Usage: dotnet run --project AppHost -- [options]

          --stores KIND        containers, or embedded (Postgres and Redis as programs of this machine);
                               by default containers where Docker or Podman answers, else embedded
          --replicas N         copies of each service, 1 to 8 (default 1), each on ports of its own; they answer to
                               the first one's name (curl --connect-to localhost:7443:localhost:PORT)
          --data-dir PATH      where data and generated passwords are kept between runs
                               (default: a folder of this clone under the user's data folder)
          --fresh              start over: deletes the data and the generated passwords first
          --no-dashboard       start no dashboard and export no telemetry
          --Ports:NAME N       move a port, 0 for any: Shop (7443), Identity (7444), Plain (7080),
                               Dashboard (7090), Otlp (7091), Resources (7092; the last two serve the dashboard)
          --Parameters:NAME V  set a secret instead of having it generated
          --help               this text

        Replicas, Stores, Data and the first three ports may also come from variables, as in Ports__Shop=9443.
        """;

    /// <summary>The setting that says <c>false</c> where nobody receives telemetry.</summary>
    public const string TelemetrySetting = "ExportTelemetry";

    private const int MaximumReplicas = 8;

    // A setting of the AppHost's for each port, with the variable by which Aspire knows it and a default for a start without launchSettings.json.
    private static readonly Dictionary<string, (string Variable, int Default)> DashboardPorts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Dashboard"] = ("ASPNETCORE_URLS", 7090),
        ["Otlp"] = ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", 7091),
        ["Resources"] = ("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", 7092),
    };

    private static readonly string[] Flags = ["--help", "-h", "-?", "--fresh", "--no-dashboard"];

    private static readonly string[] Ports = ["Shop", "Identity", "Plain", .. DashboardPorts.Keys];

    private readonly List<string> _settings = [];
    private readonly HashSet<string> _set = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _dashboardPorts = new(StringComparer.OrdinalIgnoreCase);

    public bool Help { get; private set; }

    public bool Fresh { get; private set; }

    public bool Dashboard { get; private set; } = true;

    /// <summary>What Aspire's builder is to read, each as <c>--Name=Value</c>.</summary>
    public IReadOnlyList<string> Settings => _settings;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="SetupException">An option is not known, or its value is no good.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var line = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (value is not null && Flags.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new SetupException($"{name} takes no value; leave it out where it is not meant.");
            line.Read(name, () => value ?? (i + 1 < args.Count ? args[++i] : throw new SetupException($"{name} needs a value; --help explains.")));
        }

        // Without launchSettings.json nobody says so, and a host takes itself to be in production.
        if (!line._set.Contains("environment") && Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null)
            line.Set("environment", "Development");
        line.AddDashboardDefaults();
        return line;
    }

    private void AddDashboardDefaults()
    {
        // Somebody else may receive the telemetry, by a setting of Aspire's.
        if (!Dashboard && !_set.Any(name => name.StartsWith("ASPIRE_DASHBOARD_OTLP_", StringComparison.OrdinalIgnoreCase)))
            Set(TelemetrySetting, "false");
        foreach (var (name, (variable, usual)) in DashboardPorts.Where(_ => Dashboard))
        {
            if (_dashboardPorts.TryGetValue(name, out var port))
                Set(variable, $"https://localhost:{port}");
            else if (!_set.Contains(variable) && Environment.GetEnvironmentVariable(variable) is null)
                Set(variable, $"https://localhost:{usual}");
        }
    }

    private void Read(string name, Func<string> value)
    {
        switch (name.ToLowerInvariant())
        {
            case "--help" or "-h" or "-?":
                Help = true;
                break;
            case "--fresh":
                Fresh = true;
                break;
            case "--no-dashboard":
                Dashboard = false;
                break;
            case "--replicas":
                Set("Replicas", Number(name, value(), 1, MaximumReplicas));
                break;
            case "--stores":
                Set("Stores", value());
                break;
            case "--data-dir":
                Set("Data", Path.GetFullPath(value()));
                break;
            case var port when port.StartsWith("--ports:", StringComparison.Ordinal):
                SetPort(name, value());
                break;

            // A setting as it is, of Aspire's or of another part: Parameters:name, DcpPublisher:…, ASPIRE_…
            case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.AsSpan().ContainsAny(':', '_'):
                Set(name[2..], value());
                break;

            // What the Aspire CLI passes on; Aspire's builder says what it thinks of it.
            case "--operation" or "--step" or "--output-path" or "--log-level" or "--environment":
                Set(name[2..], value());
                break;
            default:
                throw new SetupException($"{name} is not an option. --help explains all of them.");
        }
    }

    private void SetPort(string option, string value)
    {
        var name = Array.Find(Ports, port => option.Equals($"--Ports:{port}", StringComparison.OrdinalIgnoreCase))
            ?? throw new SetupException($"{option} names no port: there are {string.Join(", ", Ports)}.");
        var number = Number(option, value, 0, ushort.MaxValue);
        if (DashboardPorts.ContainsKey(name))
            _dashboardPorts[name] = number;
        else
            Set($"Ports:{name}", number);
    }

    private void Set(string name, string value)
    {
        _set.Add(name);
        _settings.Add($"--{name}={value}");
    }

    private static string Number(string name, string value, int minimum, int maximum) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? value
            : throw new SetupException($"{name} takes a number from {minimum} to {maximum}, not '{value}'.");
}
