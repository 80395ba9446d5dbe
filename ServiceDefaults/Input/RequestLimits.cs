using System.Buffers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// How large a request may be, in one set of numbers. The gateway admits what the constants say. What every server reads is wider:
/// by what the gateway adds (the caller's address, the trace), by the 32 bytes that HTTP/2 counts for each header beside its text,
/// and so that a refusal comes from our code, with a problem. So nothing that was admitted is refused further in.
/// </summary>
public static class RequestLimits
{
    /// <summary>Characters of path and query.</summary>
    public const int Url = 4 * 1024;

    /// <summary>Header lines, those of one name each for itself.</summary>
    public const int HeaderCount = 60;

    /// <summary>Characters of all header names and values.</summary>
    public const int HeaderSize = 16 * 1024;

    /// <summary>Bytes of the body; a route may take less.</summary>
    public const int Body = 64 * 1024;

    internal static void ApplyTo(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 4 * Url;
        limits.MaxRequestHeaderCount = 2 * HeaderCount;
        limits.MaxRequestHeadersTotalSize = 2 * HeaderSize;
        limits.Http2.MaxRequestHeaderFieldSize = 2 * HeaderSize;
        limits.MaxRequestBodySize = Body;
    }
}

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
