namespace SecureShop.StandIns.IdentityServer.Events;

/// <summary>A user signed in.</summary>
public class UserLoginSuccessEvent : Event
{
    /// <summary>Through someone else.</summary>
    public UserLoginSuccessEvent(string provider, string providerUserId, string subjectId, string name, bool interactive = true, string? clientId = null)
        : this(providerUserId, subjectId, name, interactive, clientId)
    {
        Username = null;
        Provider = provider;
        ProviderUserId = providerUserId;
    }

    /// <summary>With a local account.</summary>
    public UserLoginSuccessEvent(string username, string subjectId, string name, bool interactive = true, string? clientId = null)
        : base(EventCategories.Authentication, "User Login Success", EventTypes.Success, EventIds.UserLoginSuccess)
    {
        Username = username;
        SubjectId = subjectId;
        DisplayName = name;
        Endpoint = interactive ? "UI" : IdentityServerConstants.EndpointNames.Token;
        ClientId = clientId;
    }

    /// <summary>The name typed.</summary>
    public string? Username { get; set; }

    /// <summary>Who vouches for the user.</summary>
    public string? Provider { get; set; }

    /// <summary>The user's identifier there.</summary>
    public string? ProviderUserId { get; set; }

    /// <summary>The user's identifier here.</summary>
    public string? SubjectId { get; set; }

    /// <summary>Name for people.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Where.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The client behind it.</summary>
    public string? ClientId { get; set; }
}

/// <summary>A user did not get in.</summary>
public class UserLoginFailureEvent : Event
{
    /// <summary>For this reason.</summary>
    public UserLoginFailureEvent(string username, string error, bool interactive = true, string? clientId = null)
        : base(EventCategories.Authentication, "User Login Failure", EventTypes.Failure, EventIds.UserLoginFailure, error)
    {
        Username = username;
        Endpoint = interactive ? "UI" : IdentityServerConstants.EndpointNames.Token;
        ClientId = clientId;
    }

    /// <summary>The name typed.</summary>
    public string? Username { get; set; }

    /// <summary>Where.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The client behind it.</summary>
    public string? ClientId { get; set; }
}

/// <summary>A user signed out.</summary>
public class UserLogoutSuccessEvent : Event
{
    /// <summary>This one.</summary>
    public UserLogoutSuccessEvent(string subjectId, string name)
        : base(EventCategories.Authentication, "User Logout Success", EventTypes.Success, EventIds.UserLogoutSuccess)
    {
        SubjectId = subjectId;
        DisplayName = name;
    }

    /// <summary>The user's identifier.</summary>
    public string? SubjectId { get; set; }

    /// <summary>Name for people.</summary>
    public string? DisplayName { get; set; }
}

/// <summary>A client proved itself.</summary>
public class ClientAuthenticationSuccessEvent : Event
{
    /// <summary>In this way.</summary>
    public ClientAuthenticationSuccessEvent(string clientId, string authenticationMethod)
        : base(EventCategories.Authentication, "Client Authentication Success", EventTypes.Success, EventIds.ClientAuthenticationSuccess)
    {
        ClientId = clientId;
        AuthenticationMethod = authenticationMethod;
    }

    /// <summary>The client.</summary>
    public string? ClientId { get; set; }

    /// <summary>How: one of <see cref="IdentityServerConstants.ParsedSecretTypes"/>.</summary>
    public string? AuthenticationMethod { get; set; }
}

/// <summary>A client did not prove itself.</summary>
public class ClientAuthenticationFailureEvent : Event
{
    /// <summary>For this reason.</summary>
    public ClientAuthenticationFailureEvent(string clientId, string message)
        : base(EventCategories.Authentication, "Client Authentication Failure", EventTypes.Failure, EventIds.ClientAuthenticationFailure, message) =>
        ClientId = clientId;

    /// <summary>Who it said it was.</summary>
    public string? ClientId { get; set; }
}
