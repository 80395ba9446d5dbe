namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How long what is sent in may be: nobody makes the server hash or store megabytes.</summary>
internal static class InputLimits
{
    public const int ClientId = 100;
    public const int ClientSecret = 100;
    public const int Scope = 300;
    public const int RedirectUri = 400;
    public const int Nonce = 300;
    public const int State = 2000;
    public const int UiLocale = 100;
    public const int LoginHint = 100;
    public const int AcrValues = 300;
    public const int GrantType = 100;
    public const int AuthorizationCode = 100;
    public const int RefreshToken = 100;
    public const int Jwt = 51200;
    public const int IdTokenHint = 4000;
}
