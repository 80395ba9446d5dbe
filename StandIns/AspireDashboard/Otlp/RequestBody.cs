using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>A request's body, unpacked, in an array that is given back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Some bytes can unpack to gigabytes; what goes beyond this is refused while it unpacks.</summary>
    public const int LargestUnpacked = 8 * 1024 * 1024;
    private const int FirstRoom = 32 * 1024;

    private byte[] _bytes;
    private int _count;

    private RequestBody(int room) => _bytes = ArrayPool<byte>.Shared.Rent(room);

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <exception cref="InvalidDataException">What says to be packed is not.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or ends early.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, bool packed, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(request.ContentLength ?? FirstRoom, WebHost.LargestBody);
        var body = new RequestBody(packed ? Math.Min(length * 4, LargestUnpacked + 1) : length + 1);
        try
        {
            if (packed)
            {
                await using var unpacked = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
                await body.FillAsync(unpacked, LargestUnpacked, cancellationToken);
            }
            else
            {
                await body.FillAsync(request.Body, WebHost.LargestBody, cancellationToken);
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _count = 0;
    }

    private async Task FillAsync(Stream source, int most, CancellationToken cancellationToken)
    {
        int count;
        while ((count = await source.ReadAsync(_bytes.AsMemory(_count), cancellationToken)) > 0)
        {
            _count += count;
            if (_count > most)
                throw new BadHttpRequestException("Too large.", StatusCodes.Status413PayloadTooLarge);
            if (_count == _bytes.Length)
                Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
