using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Pages;

/// <summary>What a status means to a person, and what to do now. Of the request it repeats nothing.</summary>
internal static class ErrorText
{
    public static (string Title, string Advice) Of(int status, string? retryAfter) => status switch
    {
        StatusCodes.Status401Unauthorized => ("Sign in first", "This address is for apps that have signed in."),
        StatusCodes.Status403Forbidden => ("Not allowed", "This is not open to you."),
        StatusCodes.Status404NotFound => ("There is nothing here", "The address may be mistyped, or what it led to is gone."),
        StatusCodes.Status405MethodNotAllowed => ("That does not work here", "There is something at this address, but it cannot be asked for in this way."),
        StatusCodes.Status413PayloadTooLarge => ("That was too much at once", "More was sent than this address takes. None of it was kept."),
        StatusCodes.Status414UriTooLong => ("The address is too long", "The app or link that you came from asked for too much at once. Go back to it and try again; if that does not help, tell its makers."),
        StatusCodes.Status415UnsupportedMediaType => ("That cannot be read", "What was sent is in a form that this address does not take."),
        StatusCodes.Status421MisdirectedRequest => ("Nothing goes by this name", "The address leads here, but nothing is served under its name."),
        StatusCodes.Status429TooManyRequests => ("Too many requests", $"More came from your network than is let in at a time. {Wait(retryAfter)}"),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => ("Your browser sends too much along", "Clear the cookies of this site, then try again."),
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout
            => ("Away for a moment", $"What answers here cannot be reached. {Wait(retryAfter)}"),
        >= StatusCodes.Status500InternalServerError => ("Something went wrong", "That is our fault. Please try again in a moment."),
        _ => ("This cannot be answered", "Something in the address or the form cannot be read. Go back, reload the page and try again."),
    };

    private static string Wait(string? retryAfter)
        => int.TryParse(retryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? $"Please try again in {(seconds == 1 ? "a second" : $"{seconds} seconds")}."
            : "Please try again in a moment.";
}
