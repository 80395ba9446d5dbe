using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureShop.SystemTests.Support.Telemetry;

/// <summary>The smallest receiver of OTLP over http/protobuf: keeps everything as it came, so that nothing escapes a search.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const long MostBytes = 256 * 1024 * 1024;

    private readonly ConcurrentQueue<Export> exports = new();
    private WebApplication? app;
    private long bytes;

    /// <summary>What came. A search of less than everything would prove nothing, so too much is an error.</summary>
    public IReadOnlyCollection<Export> Exports => Interlocked.Read(ref bytes) <= MostBytes
        ? exports
        : throw new InvalidOperationException($"More than {MostBytes} bytes were exported.");

    public async Task<Uri> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            await KeepAsync(signal, request);
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }

    private async Task KeepAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        if (request.Headers.ContentEncoding == "gzip")
        {
            await using var unpacked = new GZipStream(request.Body, CompressionMode.Decompress);
            await unpacked.CopyToAsync(body, request.HttpContext.RequestAborted);
        }
        else
        {
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        }

        if (Interlocked.Add(ref bytes, body.Length) <= MostBytes)
            exports.Enqueue(new(signal, body.ToArray()));
    }
}
