using System.Globalization;
using System.Text;

namespace SecureShop.SystemTests.Support;

/// <summary>Finds processes of a run by its folder, which each of them has in its arguments or its environment.</summary>
internal static class LeftProcesses
{
    /// <summary>Every process but ours that knows <paramref name="directory"/>. On Linux only, where it can be looked up.</summary>
    public static IReadOnlyList<string> Of(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return [];

        var marker = Encoding.UTF8.GetBytes(directory);
        return
        [
            .. from folder in System.IO.Directory.EnumerateDirectories("/proc")
               let name = Path.GetFileName(folder)
               where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != Environment.ProcessId
               let arguments = Read($"{folder}/cmdline")
               where arguments.Length > 0 && (Holds(arguments, marker) || Holds(Read($"{folder}/environ"), marker))
               select $"{name} {Encoding.UTF8.GetString(arguments).Replace('\0', ' ')}",
        ];
    }

    private static bool Holds(byte[] text, byte[] marker) => text.AsSpan().IndexOf(marker) >= 0;

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or belongs to somebody else.
            return [];
        }
    }
}
