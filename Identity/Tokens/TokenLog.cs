namespace SecureShop.Identity.Tokens;

/// <summary>What is logged of tokens beside the security events.</summary>
internal static partial class TokenLog
{
    /// <summary>By OpenIddict alone: Duende tells clients itself, and logs under its own name where it cannot.</summary>
    [LoggerMessage(4102, LogLevel.Warning, "The client {Client} could not be told that a session has ended ({Failure}); it notices at its next refresh.")]
    public static partial void NotTold(this ILogger logger, string client, string failure);
}
