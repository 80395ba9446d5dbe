using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.AspireDashboard.Api;

namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>A failure of ours is counted and answered; it tells the caller nothing and brings nothing down.</summary>
internal sealed class FailureGuard(Failures failures)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: nobody is there to be answered.
        }
        catch (BadHttpRequestException problem) when (!context.Response.HasStarted)
        {
            await Answer.ProblemAsync(context, problem.StatusCode);
        }
        catch (Exception problem)
        {
            failures.Note(problem);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await Answer.ProblemAsync(context, StatusCodes.Status500InternalServerError);
        }
    }
}
