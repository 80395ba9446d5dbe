using Microsoft.AspNetCore.Authentication;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>What the session keeps in the user's cookie beside the user.</summary>
internal static class SessionProperties
{
    private const string SessionId = "session_id";
    private const string Clients = "client_list";

    public static string? GetSessionId(this AuthenticationProperties properties) => properties.Items.TryGetValue(SessionId, out var value) ? value : null;

    public static void SetSessionId(this AuthenticationProperties properties, string sid) => properties.Items[SessionId] = sid;

    /// <summary>Client identifiers hold no spaces (RFC 6749 A.1 forbids little, our start checks the rest).</summary>
    public static IReadOnlyList<string> GetClients(this AuthenticationProperties properties) =>
        properties.Items.TryGetValue(Clients, out var value) && value is not null ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    public static void SetClients(this AuthenticationProperties properties, IEnumerable<string> clients) =>
        properties.Items[Clients] = string.Join(' ', clients);
}
