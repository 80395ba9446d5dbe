using SecureShop.SystemTests.Support.Telemetry;

namespace SecureShop.SystemTests.Support.Secrets;

/// <summary>Says where something stands that should stand nowhere; what it is called, never what it is.</summary>
internal static class Leaks
{
    /// <param name="exports">Where to look.</param>
    /// <param name="find">What somebody's search finds in some bytes.</param>
    /// <param name="mayHold">Items in which it may stand.</param>
    public static IReadOnlyCollection<string> In(
        IEnumerable<Export> exports, Func<byte[], IEnumerable<string>> find, Func<ExportedItem, bool>? mayHold = null)
    {
        var leaks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var export in exports.Where(export => find(export.Body).Any()))
        {
            var found = false;
            foreach (var item in export.Items())
            {
                if (mayHold?.Invoke(item) == true)
                {
                    found = true;
                    continue;
                }

                foreach (var (place, bytes) in Parts(item))
                {
                    foreach (var secret in find(bytes))
                    {
                        found = true;
                        leaks.Add($"{secret} in {item.Signal} of {item.Service}, {item.Scope} {Name(item, find)}: {place}");
                    }
                }
            }

            if (!found)
                leaks.UnionWith(find(export.Body).Select(secret => $"{secret} in {export.Signal}, in a resource or across fields"));
        }

        return leaks;
    }

    private static string Name(ExportedItem item, Func<byte[], IEnumerable<string>> find) =>
        find(System.Text.Encoding.UTF8.GetBytes(item.Name)).Any() ? "(named by it)" : item.Name;

    private static IEnumerable<(string Place, byte[] Bytes)> Parts(ExportedItem item) =>
        from field in WireFields.Of(item.Bytes)
        let place = (item.Signal, field.Number) switch
        {
            ("traces", 3) => "trace state",
            ("traces", 5) or ("metrics", 1) => "name",
            ("traces", 9) or ("logs", 6) => $"attribute {WireFields.TextOf(field.Bytes, 1)}",
            ("traces", 11) => $"event {WireFields.TextOf(field.Bytes, 2)}",
            ("traces", 15) => "status",
            ("logs", 5) => "body",
            _ => $"field {field.Number}",
        }
        select (place, field.Bytes);
}
