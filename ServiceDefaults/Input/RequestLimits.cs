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
