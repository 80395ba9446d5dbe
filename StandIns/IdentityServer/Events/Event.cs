using System.Text.Json;

namespace SecureShop.StandIns.IdentityServer.Events;

/// <summary>Something that happened and that an audit trail wants to know.</summary>
public abstract class Event
{
    /// <summary>An event.</summary>
    protected Event(string category, string name, EventTypes type, int id, string? message = null)
    {
        Category = category ?? throw new ArgumentNullException(nameof(category));
        Name = name ?? throw new ArgumentNullException(nameof(name));
        EventType = type;
        Id = id;
        Message = message;
    }

    /// <summary>What it is about.</summary>
    public string Category { get; set; }

    /// <summary>What happened.</summary>
    public string Name { get; set; }

    /// <summary>How it went.</summary>
    public EventTypes EventType { get; set; }

    /// <summary>Its number.</summary>
    public int Id { get; set; }

    /// <summary>A remark.</summary>
    public string? Message { get; set; }

    /// <summary>The request in the traces.</summary>
    public string? ActivityId { get; set; }

    /// <summary>When (UTC).</summary>
    public DateTime TimeStamp { get; set; }

    /// <summary>The process.</summary>
    public int ProcessId { get; set; }

    /// <summary>Where the request arrived.</summary>
    public string? LocalIpAddress { get; set; }

    /// <summary>Where it came from.</summary>
    public string? RemoteIpAddress { get; set; }

    /// <summary>As JSON.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, GetType());

    /// <summary>The end of a token, enough to find it again, too little to use it.</summary>
    protected static string Obfuscate(string value) => "****" + (value is { Length: > 4 } ? value[^4..] : "****");
}

/// <summary>How it went.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1008", Justification = "The product's values start at one.")]
public enum EventTypes
{
    /// <summary>Well.</summary>
    Success = 1,

    /// <summary>Refused.</summary>
    Failure = 2,

    /// <summary>Neither.</summary>
    Information = 3,

    /// <summary>Broken.</summary>
    Error = 4,
}

/// <summary>What events are about.</summary>
public static class EventCategories
{
    /// <summary>Users and clients proving who they are.</summary>
    public const string Authentication = "Authentication";

    /// <summary>Tokens.</summary>
    public const string Token = "Token";

    /// <summary>Grants.</summary>
    public const string Grants = "Grants";

    /// <summary>Faults.</summary>
    public const string Error = "Error";
}

/// <summary>Numbers of the events.</summary>
public static class EventIds
{
    /// <summary>A user signed in.</summary>
    public const int UserLoginSuccess = 1000;

    /// <summary>A user did not get in.</summary>
    public const int UserLoginFailure = 1001;

    /// <summary>A user signed out.</summary>
    public const int UserLogoutSuccess = 1002;

    /// <summary>A client proved itself.</summary>
    public const int ClientAuthenticationSuccess = 1010;

    /// <summary>A client did not.</summary>
    public const int ClientAuthenticationFailure = 1011;

    /// <summary>Tokens were given.</summary>
    public const int TokenIssuedSuccess = 2000;

    /// <summary>Tokens were refused.</summary>
    public const int TokenIssuedFailure = 2001;

    /// <summary>A token was taken back.</summary>
    public const int TokenRevokedSuccess = 2010;

    /// <summary>The server failed.</summary>
    public const int UnhandledException = 3000;
}
