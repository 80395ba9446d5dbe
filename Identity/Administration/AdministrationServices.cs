using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Administration;

internal static class AdministrationServices
{
    /// <summary>Roles and accounts of others, and the gate before every page that changes them, also before one that comes later.</summary>
    public static void AddAdministration(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<AccountAdministration>();
        builder.Services.AddScoped<AccountSearch>();

        // After the pages' own setup, which begins with an empty list of conventions and would drop this one without a word.
        builder.Services.PostConfigure<RazorPagesOptions>(options
            => options.Conventions.AddFolderApplicationModelConvention("/Admin", model => model.Filters.Add(new AdminGate())));
    }
}
