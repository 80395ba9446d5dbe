using System.Buffers;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>Paths that every reader reads alike, whether they come in from a caller or go out to a service.</summary>
public static class PlainPath
{
    // What our own paths are made of. A '%' is an encoded slash or a second encoding; those and '\' are how one path is made to
    // look like another to the next hop.
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_.~");

    /// <summary>Whether <paramref name="path"/> cannot be taken for another path, nor for a host.</summary>
    public static bool IsPlain(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith('/')
            && !path.AsSpan().ContainsAnyExcept(Characters)

            // A reader that joins or resolves "//other.example/x" may take it for the name of a host.
            && !path.Contains("//", StringComparison.Ordinal)
            && !path.Split('/').Any(segment => segment is "." or "..");
    }
}
