namespace SecureShop.Identity.Tokens;

/// <summary>What sessions and people have granted to clients: codes, refresh tokens and access tokens. Each engine has one.</summary>
internal interface ITokenGrants
{
    /// <summary>Ends all that a session has granted, and tells the clients that want to know (OpenID Connect Back-Channel Logout 1.0).</summary>
    Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken);

    /// <summary>Ends all that was granted in a person's name, whatever the session; sessions themselves stay.</summary>
    Task EndSubjectAsync(string subject, CancellationToken cancellationToken);
}
