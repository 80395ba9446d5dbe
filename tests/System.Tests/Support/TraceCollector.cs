using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureShop.SystemTests.Support;

/// <summary>One span, as far as the tests look at it.</summary>
public sealed record CollectedSpan(string Service, string TraceId, string Name, ulong Kind, IReadOnlySet<string> Attributes)
{
    public const ulong Server = 2;

    public const ulong Client = 3;
}

/// <summary>The smallest receiver of OTLP over http/protobuf: keeps traces, and answers everything else kindly.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<CollectedSpan> spans = new();
    private WebApplication? app;

    public IEnumerable<CollectedSpan> Of(string traceId) => spans.Where(span => span.TraceId == traceId);

    public async Task<Uri> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (signal == "traces")
                Read(body.ToArray());
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

    // The numbers are the fields of opentelemetry/proto/trace/v1/trace.proto.
    private void Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request).Where(field => field.Number == 1))
        {
            var service = Fields(resourceSpans.Bytes).Where(field => field.Number == 1)
                .SelectMany(resource => Fields(resource.Bytes)).Where(field => field.Number == 1)
                .Select(Attribute).FirstOrDefault(pair => pair.Key == "service.name").Value ?? "";
            foreach (var span in Fields(resourceSpans.Bytes).Where(field => field.Number == 2)
                .SelectMany(scope => Fields(scope.Bytes)).Where(field => field.Number == 2))
            {
                spans.Enqueue(ReadSpan(service, span.Bytes));
            }
        }
    }

    private static CollectedSpan ReadSpan(string service, byte[] bytes)
    {
        var fields = Fields(bytes).ToList();
        return new(
            service,
            Convert.ToHexStringLower(fields.First(field => field.Number == 1).Bytes),
            System.Text.Encoding.UTF8.GetString(fields.First(field => field.Number == 5).Bytes),
            fields.FirstOrDefault(field => field.Number == 6).Value,
            fields.Where(field => field.Number == 9).Select(field => Attribute(field).Key).ToHashSet(StringComparer.Ordinal));
    }

    private static KeyValuePair<string, string> Attribute(Field attribute)
    {
        var parts = Fields(attribute.Bytes).ToList();
        var value = parts.Where(part => part.Number == 2).SelectMany(part => Fields(part.Bytes)).FirstOrDefault(part => part.Number == 1);
        return new(Text(parts.First(part => part.Number == 1).Bytes), Text(value.Bytes ?? []));
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private static IEnumerable<Field> Fields(byte[] message)
    {
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            yield return WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => new(number, [], input.ReadUInt64()),
                WireFormat.WireType.Fixed64 => new(number, [], input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => new(number, [], input.ReadFixed32()),
                _ => new(number, input.ReadBytes().ToByteArray(), 0),
            };
        }
    }

    private readonly record struct Field(int Number, byte[] Bytes, ulong Value);
}
