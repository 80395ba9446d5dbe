using System.Text.Json;
using System.Text.Json.Serialization;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Every shape that leaves the dashboard.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Versions))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ResourcesAnswer))]
[JsonSerializable(typeof(ResourceAnswer))]
[JsonSerializable(typeof(ConsoleAnswer))]
[JsonSerializable(typeof(LogsAnswer))]
[JsonSerializable(typeof(TracesAnswer))]
[JsonSerializable(typeof(TraceAnswer))]
[JsonSerializable(typeof(InstrumentsAnswer))]
[JsonSerializable(typeof(SeriesAnswer))]
[JsonSerializable(typeof(SecurityAnswer))]
[JsonSerializable(typeof(Taken))]
internal sealed partial class DashboardJson : JsonSerializerContext;

/// <summary>A command was taken.</summary>
internal sealed record Taken;
