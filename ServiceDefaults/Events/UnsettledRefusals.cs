using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults;

/// <summary>Sees to it that no refusal goes without an event. The last resort: what refuses a request usually says why itself.</summary>
internal sealed class UnsettledRefusals(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && !SecurityLog.IsSettled(context))
                Record(context);
        }
    }

    private static void Record(HttpContext context)
    {
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType
                or StatusCodes.Status431RequestHeaderFieldsTooLarge:
                SecurityLog.Of(context).InputRefused();
                break;
            case StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status421MisdirectedRequest
                or StatusCodes.Status429TooManyRequests:
                SecurityLog.Of(context).AccessRefused(RefusalReason.Other);
                break;
        }
    }
}
