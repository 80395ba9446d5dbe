using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecureShop.ServiceDefaults.Problems;

namespace SecureShop.ServiceDefaults;

/// <summary>Problems (RFC 9457) for every error.</summary>
public static class ProblemExtensions
{
    internal static void AddProblems(this IHostApplicationBuilder builder)
    {
        // Before the framework's writer: the first that can write does.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<ProblemExceptionHandler>();
        builder.Services.AddSingleton<IExceptionHandler>(services => services.GetRequiredService<ProblemExceptionHandler>());
        builder.Services.AddSingleton<IDeveloperPageExceptionFilter, NoDeveloperPage>();
    }

    /// <summary>From here inwards, an exception and a bare error status both become a problem.</summary>
    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}
