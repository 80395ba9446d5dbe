using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecureShop.Bench.Catalog;

/// <summary>Kestrel with TLS and nothing behind it, which answers about as many bytes as a product has: what no service here can be faster than.</summary>
internal static class KestrelAlone
{
    /// <summary>The argument by which this program becomes it.</summary>
    public const string Argument = "--kestrel";

    private static readonly byte[] Product = Encoding.UTF8.GetBytes($$"""{"description":"{{new string('x', 400)}}"}""");

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration();
        await using var app = builder.Build();
        app.Run(context =>
        {
            (context.Response.ContentType, context.Response.ContentLength) = ("application/json", Product.Length);
            return context.Response.Body.WriteAsync(Product).AsTask();
        });
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"Now listening on: {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }
}
