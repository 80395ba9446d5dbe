using System.Text.Json;
using SecureShop.StandIns.AspireHosting.Certificates;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Generated secrets, kept between runs in a file that only its owner reads.</summary>
internal sealed class KeptValues(string path)
{
    public const string FileName = "secrets.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();
    private Dictionary<string, string>? _values;

    public string GetOrAdd(string name, Func<string> make)
    {
        lock (_lock)
        {
            _values ??= Read();
            if (_values.TryGetValue(name, out var known))
                return known;
            var value = _values[name] = make();
            PrivateFiles.WriteOrTell(path, JsonSerializer.Serialize(_values, Indented));
            return value;
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HostingException($"The generated passwords in {path} cannot be read ({problem.Message}): mend the file, or start over with --fresh.", problem);
        }
    }
}
