namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Why a user's agent turned an authorize request down.</summary>
public enum AuthorizationError
{
    /// <summary>The user said no.</summary>
    AccessDenied,

    /// <summary>The user must be asked something.</summary>
    InteractionRequired,

    /// <summary>The user must sign in.</summary>
    LoginRequired,

    /// <summary>The user must choose an account.</summary>
    AccountSelectionRequired,

    /// <summary>The user must consent.</summary>
    ConsentRequired,

    /// <summary>Not now.</summary>
    TemporarilyUnavailable,

    /// <summary>The sign-in cannot be as strong as asked for.</summary>
    UnmetAuthenticationRequirements,
}
