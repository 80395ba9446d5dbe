using System.Buffers;
using System.Text;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>A secret that was found: its label and disguise, never itself.</summary>
internal sealed record Find(string Label, string Disguise)
{
    public override string ToString() => $"{Label} ({Disguise})";
}

/// <summary>Looks for many secrets at once, each in every disguise, whatever the case of letters.</summary>
internal sealed class SecretSearch
{
    private readonly Dictionary<string, Find> needles = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Find>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly SearchValues<string> anyNeedle;
    private readonly int[] lengths;

    public SecretSearch(IEnumerable<Secret> secrets)
    {
        foreach (var secret in secrets.SelectMany(secret => secret.Pieces()))
        {
            foreach (var (disguise, text) in Disguise.Of(secret.Value).Where(form => form.Text.Length >= Secret.Shortest))
                needles.TryAdd(text, new(secret.Label, disguise));
        }

        lookup = needles.GetAlternateLookup<ReadOnlySpan<char>>();
        anyNeedle = SearchValues.Create([.. needles.Keys], StringComparison.OrdinalIgnoreCase);
        lengths = [.. needles.Keys.Select(needle => needle.Length).Distinct()];
    }

    public int Needles => needles.Count;

    public IReadOnlySet<Find> In(string text) => In(Encoding.UTF8.GetBytes(text));

    public IReadOnlySet<Find> In(byte[] bytes)
    {
        var finds = new HashSet<Find>();
        for (var rest = Encoding.Latin1.GetString(bytes).AsSpan(); rest.IndexOfAny(anyNeedle) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            foreach (var length in lengths)
            {
                if (at + length <= rest.Length && lookup.TryGetValue(rest.Slice(at, length), out var find))
                    finds.Add(find);
            }
        }

        return finds;
    }
}
