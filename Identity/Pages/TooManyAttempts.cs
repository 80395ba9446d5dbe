namespace SecureShop.Identity.Pages;

internal static class TooManyAttempts
{
    /// <summary>Answers 429; the text is for the person.</summary>
    public static string TooMany(this HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var minutes = (int)Math.Ceiling(Math.Max(wait.TotalMinutes, 1));
        return $"Too many attempts. Try again in {minutes} minute{(minutes == 1 ? "" : "s")}.";
    }
}
