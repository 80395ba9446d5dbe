using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Who stands where a service is expected and cannot prove to be it gets nothing: no token, no body, no word.</summary>
public sealed class UpstreamTlsTests
{
    [Theory]
    [InlineData("localhost", true, HttpStatusCode.OK)]
    [InlineData("localhost", false, HttpStatusCode.BadGateway)]
    [InlineData("evil.example", true, HttpStatusCode.BadGateway)]
    [InlineData("localhost.evil.example", true, HttpStatusCode.BadGateway)]
    [InlineData("catalog", true, HttpStatusCode.BadGateway)]
    [InlineData("*", true, HttpStatusCode.BadGateway)]
    [Trait("Practice", "P20")]
    [Trait("Practice", "P39")]
    public async Task A_service_proves_its_name_by_a_certificate_of_our_authority(string name, bool trusted, HttpStatusCode status)
    {
        using var certificate = TestCertificate.Make("one.example", name);
        var roots = Path.Combine(Directory.CreateTempSubdirectory("secureshop-test-").FullName, "roots.pem");
        await File.WriteAllTextAsync(roots, TestCertificate.Leaf.ExportCertificatePem() + Environment.NewLine + (trusted ? certificate.ExportCertificatePem() : ""), TestContext.Current.CancellationToken);
        var reached = 0;
        await using var service = await new LoopbackServer(
            app => app.Run(context =>
            {
                Interlocked.Increment(ref reached);
                return context.Response.WriteAsync("{}");
            }),
            certificate: certificate).StartAsync();
        await using var host = await GatewayHost.StartAsync(settings: [("services:catalog:https:0", service.Address.AbsoluteUri), ("Services:TrustedRoots", roots)]);
        using var answer = await host.SendAsync(
            HttpMethod.Post, "/api/catalog/products", TestTokens.Create("catalog", "sam", [Scope.CatalogWrite], [Role.Seller]), new StringContent("{}", null, "application/json"));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, reached);
        if (status != HttpStatusCode.OK)
            await ProblemAssert.IsProblemAsync(status, answer);
        Directory.Delete(Path.GetDirectoryName(roots)!, recursive: true);
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task A_service_that_speaks_no_TLS_is_told_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var host = await GatewayHost.StartAsync(settings: ("services:catalog:https:0", $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        var heard = HearAsync();
        using var answer = await host.GetAsync("/api/catalog/products", TestTokens.Create("catalog", "alice", [Scope.CatalogRead]));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadGateway, answer);

        // The beginning of a handshake: a record of type 22, and no text of ours.
        Assert.Equal(22, await heard);

        async Task<int> HearAsync()
        {
            using var socket = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var first = new byte[1];
            await socket.GetStream().ReadExactlyAsync(first, TestContext.Current.CancellationToken);
            await socket.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            return first[0];
        }
    }
}
