namespace SecureShop.StandIns.IdentityServer.Events;

/// <summary>Something that happened and that an audit trail wants to know.</summary>
public abstract class Event;

/// <summary>A client did not prove itself.</summary>
public class ClientAuthenticationFailureEvent : Event
{
    /// <summary>Who it said it was.</summary>
    public required string ClientId { get; init; }
}

/// <summary>Tokens, or a code, were refused.</summary>
public class TokenIssuedFailureEvent : Event
{
    /// <summary>Where: one of <see cref="IdentityServerConstants.EndpointNames"/>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The client, where it is known.</summary>
    public string? ClientId { get; init; }

    /// <summary>The user, where there is one.</summary>
    public string? SubjectId { get; init; }

    /// <summary>The error's code.</summary>
    public string? Error { get; init; }
}
