namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>What the token endpoint answers (RFC 6749 5).</summary>
internal sealed record TokenAnswer
{
    public RequestError? Error { get; private init; }

    public string? SubjectId { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public string AccessToken { get; init; } = string.Empty;

    public int ExpiresIn { get; init; }

    public string? IdentityToken { get; init; }

    public string? RefreshToken { get; init; }

    public static TokenAnswer Refuse(string code, string description) => Refuse(new RequestError(code, description));

    public static TokenAnswer Refuse(RequestError error) => new() { Error = error };

    public Dictionary<string, object> ToBody()
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal);
        if (IdentityToken is not null)
            body["id_token"] = IdentityToken;
        body["access_token"] = AccessToken;
        body["expires_in"] = ExpiresIn;
        body["token_type"] = "Bearer";
        if (RefreshToken is not null)
            body["refresh_token"] = RefreshToken;
        body["scope"] = string.Join(' ', Scopes);
        return body;
    }
}
