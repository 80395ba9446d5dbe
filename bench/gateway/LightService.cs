using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecureShop.Bench.Gateway;

/// <summary>A service that does next to nothing, so that what stands before it is what is measured. It publishes the tokens' key, too.</summary>
internal static class LightService
{
    /// <summary>The argument by which this program becomes it.</summary>
    public const string Argument = "--service";

    private static readonly byte[] Product =
        """{"id":"018f6d5e-0000-7000-8000-000000000001","name":"A lamp of linen","description":"It stands on a table and gives light.","price":{"amount":49.00,"currency":"EUR"},"stock":12,"category":"lamps","version":"1"}"""u8.ToArray();

    public static Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls("https://127.0.0.1:0");
        var app = builder.Build();
        var keys = Environment.GetEnvironmentVariable(Part.KeySetVariable) ?? "{}";
        app.Run(async context =>
        {
            if (context.Request.Path == "/.well-known/openid-configuration/jwks")
            {
                await context.Response.WriteAsync(keys);
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            (context.Response.ContentType, context.Response.ContentLength) = ("application/json", Product.Length);
            await context.Response.Body.WriteAsync(Product);
        });
        return Part.ServeAsync(app);
    }
}
