using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SecureShop.Identity.Pages.Admin;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Identity.Pages;

internal static class PageServices
{
    /// <summary>The pages, their antiforgery token, and limits on what a form may hold.</summary>
    public static void AddPages(this IHostApplicationBuilder builder)
    {
        // The gate is before every page of administrators, also before one that comes later.
        builder.Services.AddRazorPages(options => options.Conventions.AddFolderApplicationModelConvention("/Admin", model => model.Filters.Add(new AdminGate())))
            .AddMvcOptions(options => options.Filters.Add<ExpiredForms>());

        // Lax: whoever arrives from another site brings it along, or a new one would spoil the forms that are open in other tabs.
        // A post from another site still comes without, and with it alone nothing could be posted anyway.
        builder.Services.AddAntiforgery(options => options.Cookie = HostCookie.Of("csrf", SameSiteMode.Lax));

        // What one page has to tell the next, such as the address that was just typed: sealed, and gone once it was read.
        builder.Services.Configure<CookieTempDataProviderOptions>(options => options.Cookie = HostCookie.Of("note", SameSiteMode.Lax));

        // It would log an error with its stack for each cookie that is none of ours, which any caller can send.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(options =>
        {
            options.ValueCountLimit = 32;
            options.KeyLengthLimit = 128;
            // The longest password, of which each byte takes three once it is encoded.
            options.ValueLengthLimit = 4 * PasswordRules.MaxBytes;
            options.MultipartBodyLengthLimit = 16 * 1024;
        });
    }

    /// <summary>The pages and the two files they are dressed in.</summary>
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        var open = AccessRule.Anyone("Pages for people who are not signed in yet; each post carries an antiforgery token.");
        var closed = AccessRule.ForSession();
        routes.MapRazorPages().RequireAccess(page => IsClosed(page) ? closed : open).ActAs(TaskOf).AllowAnyQuery();

        var files = AccessRule.Anyone("The look of the pages, the same for everyone.");
        foreach (var asset in Asset.All)
            routes.MapGet(asset.Path, asset.Send).RequireAccess(files).ExcludeFromDescription();
    }

    // By folder, so that no page in it can be forgotten.
    private static bool IsClosed(EndpointBuilder page) => IsIn("/Account/Manage/", page) || IsIn("/Admin/", page);

    // The database shows the pages of an account what is that account's, but for those that have to see whether an address or a passkey is somebody else's.
    private static DatabaseTask? TaskOf(EndpointBuilder page) => IsIn("/Admin/", page) ? DatabaseTask.Administration
        : !IsIn("/Account/Manage/", page) || IsIn("/Account/Manage/Email", page) || IsIn("/Account/Manage/AddPasskey", page) ? DatabaseTask.SignIn : null;

    private static bool IsIn(string path, EndpointBuilder page)
        => page.Metadata.OfType<PageActionDescriptor>().Single().ViewEnginePath.StartsWith(path, StringComparison.OrdinalIgnoreCase);
}
