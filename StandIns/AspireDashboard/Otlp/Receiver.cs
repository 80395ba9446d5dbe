using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SecureShop.StandIns.AspireDashboard.Access;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>OTLP over http/protobuf: three paths, for those who have the key, and nothing else.</summary>
internal sealed class Receiver(string apiKey, IOtlpReader traces, IOtlpReader metrics, IOtlpReader logs) : IDisposable
{
    private const string KeyHeader = "x-otlp-api-key";
    private const string Protobuf = "application/x-protobuf";
    private const int MostAtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Bodies are held in memory while they are read: so many, and the others wait.
    private readonly SemaphoreSlim _room = new(MostAtOnce);

    public void Dispose() => _room.Dispose();

    public async Task ReceiveAsync(HttpContext context)
    {
        var request = context.Request;

        // First of all, and before a byte of the body: whoever else runs on this machine must not write into what is shown.
        if (!Secrets.Same(request.Headers[KeyHeader], apiKey))
            await Answer.ProblemAsync(context, StatusCodes.Status401Unauthorized);
        else if (ReaderOf(request.Path) is not { } reader)
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
        else if (!HttpMethods.IsPost(request.Method))
            await RefuseMethodAsync(context);
        else if (!IsProtobuf(request) || !IsKnownPacking(request, out var packed))
            await Answer.ProblemAsync(context, StatusCodes.Status415UnsupportedMediaType, "OTLP is taken as application/x-protobuf, plain or with gzip.");
        else
            await ReceiveAsync(context, reader, packed);
    }

    private async Task ReceiveAsync(HttpContext context, IOtlpReader reader, bool packed)
    {
        if (!await _room.WaitAsync(Patience, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "2";
            await Answer.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable);
            return;
        }

        int rejected;
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, packed, context.RequestAborted);
            rejected = reader.Read(body.Bytes);
        }
        catch (InvalidDataException)
        {
            await Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, "The body is no message of OTLP.");
            return;
        }
        finally
        {
            _room.Release();
        }

        context.Response.ContentType = Protobuf;
        if (rejected > 0)
            context.Response.BodyWriter.Write(PartialSuccess(rejected));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private IOtlpReader? ReaderOf(PathString path) => path.Value switch
    {
        "/v1/traces" => traces,
        "/v1/metrics" => metrics,
        "/v1/logs" => logs,
        _ => null,
    };

    private static Task RefuseMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return Answer.ProblemAsync(context, StatusCodes.Status405MethodNotAllowed);
    }

    private static bool IsProtobuf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase);

    private static bool IsKnownPacking(HttpRequest request, out bool packed)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        packed = string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase);
        return packed || encoding is "" or "identity";
    }

    // Export*ServiceResponse { partial_success = 1 { rejected = 1, error_message = 2 } }; the three are alike.
    private static byte[] PartialSuccess(int rejected)
    {
        var reason = "Not kept: too much, too fast, or without an id."u8;
        var inner = new List<byte> { 0x08 };
        for (var rest = (uint)rejected; ; rest >>= 7)
        {
            inner.Add((byte)(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest));
            if (rest <= 0x7f)
                break;
        }

        return [0x0a, (byte)(inner.Count + 2 + reason.Length), .. inner, 0x12, (byte)reason.Length, .. reason];
    }
}
