namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>What the terminal can show.</summary>
internal static class Terminal
{
    // https://no-color.org
    public static bool HasColours =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
