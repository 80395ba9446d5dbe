using Microsoft.AspNetCore.Diagnostics;

namespace SecureShop.ServiceDefaults.Problems;

/// <summary>
/// The host adds a page with stack, headers and paths in the environment Development, outside of every other middleware.
/// Development is as strict as production: it becomes the same problem as everywhere.
/// </summary>
internal sealed class NoDeveloperPage(ProblemExceptionHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
        => await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
