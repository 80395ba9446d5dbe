using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages;

/// <summary>
/// A form of ours whose antiforgery token no longer holds, because its person has signed in or out in another tab, or its cookie or key
/// is gone: the page is opened anew, and says so. What the form asked for is not done, nor is anything of it shown again, or a
/// page of another site could sign its visitors in or out, or put words into our forms.
/// </summary>
internal sealed class ExpiredForms(IOptions<AntiforgeryOptions> antiforgery) : IAlwaysRunResultFilter
{
    /// <summary>What the page that is opened anew says.</summary>
    public const string Message = "That form had been open for too long, or you signed in or out in another tab meanwhile. Nothing was done. Please try again.";

    // Where the person was on the way to, and the link of a letter that led them here. The page that is opened believes none of it
    // without asking.
    private static readonly string[] Destinations = ["returnUrl", "logoutId", "id", "token", "address"];

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is not IAntiforgeryValidationFailedResult || context.ActionDescriptor is not PageActionDescriptor page)
            return;

        // What comes without any token was never a form of ours, and stays refused.
        var form = context.HttpContext.Features.Get<IFormFeature>()?.Form;
        if (form is null || !form.ContainsKey(antiforgery.Value.FormFieldName))
            return;

        var address = QueryHelpers.AddQueryString(page.AttributeRouteInfo!.Template is { } path ? $"/{path}" : "/", "expired", "true");
        foreach (var name in Destinations)
        {
            var value = form[name].FirstOrDefault() ?? context.HttpContext.Request.Query[name].FirstOrDefault();
            var longer = string.IsNullOrEmpty(value) ? address : QueryHelpers.AddQueryString(address, name, value);
            address = longer.Length <= AddressLength.Max ? longer : address;
        }

        SecurityLog.Of(context.HttpContext, StatusCodes.Status302Found).InputRefused();
        context.Result = new LocalRedirectResult(address);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
