using System.Globalization;
using System.Security.Claims;
using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>A grant of the host's own.</summary>
public interface IExtensionGrantValidator
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string GrantType { get; }

    /// <summary>Judges a request and sets its result.</summary>
    Task ValidateAsync(ExtensionGrantValidationContext context);
}

/// <summary>A request for a grant of the host's own. It is refused unless the validator says otherwise.</summary>
public class ExtensionGrantValidationContext
{
    /// <summary>The request.</summary>
    public ValidatedTokenRequest Request { get; set; } = default!;

    /// <summary>The judgement.</summary>
    public GrantValidationResult Result { get; set; } = new(TokenRequestErrors.InvalidGrant);
}

/// <summary>Good, or an error.</summary>
public class ValidationResult
{
    /// <summary>Whether it is an error.</summary>
    public bool IsError { get; set; } = true;

    /// <summary>The code.</summary>
    public string? Error { get; set; }

    /// <summary>What it means.</summary>
    public string? ErrorDescription { get; set; }
}

/// <summary>The judgement on a grant.</summary>
public class GrantValidationResult : ValidationResult
{
    /// <summary>Good, without a user.</summary>
    public GrantValidationResult(Dictionary<string, object>? customResponse = null)
    {
        IsError = false;
        CustomResponse = customResponse;
    }

    /// <summary>Refused.</summary>
    public GrantValidationResult(TokenRequestErrors error, string? errorDescription = null, Dictionary<string, object>? customResponse = null)
    {
        Error = error switch
        {
            TokenRequestErrors.InvalidRequest => Errors.InvalidRequest,
            TokenRequestErrors.InvalidClient => Errors.InvalidClient,
            TokenRequestErrors.UnauthorizedClient => Errors.UnauthorizedClient,
            TokenRequestErrors.UnsupportedGrantType => Errors.UnsupportedGrantType,
            TokenRequestErrors.InvalidScope => Errors.InvalidScope,
            TokenRequestErrors.InvalidTarget => Errors.InvalidTarget,
            _ => Errors.InvalidGrant,
        };
        ErrorDescription = errorDescription;
        CustomResponse = customResponse;
    }

    /// <summary>Good, for a user who was authenticated just now.</summary>
    public GrantValidationResult(
        string subject,
        string authenticationMethod,
        IEnumerable<Claim>? claims = null,
        string identityProvider = IdentityServerConstants.LocalIdentityProvider,
        Dictionary<string, object>? customResponse = null)
        : this(subject, authenticationMethod, TimeProvider.System.GetUtcNow().UtcDateTime, claims, identityProvider, customResponse)
    {
    }

    /// <summary>Good, for a user who was authenticated then.</summary>
    public GrantValidationResult(
        string subject,
        string authenticationMethod,
        DateTime authTime,
        IEnumerable<Claim>? claims = null,
        string identityProvider = IdentityServerConstants.LocalIdentityProvider,
        Dictionary<string, object>? customResponse = null)
    {
        var seconds = new DateTimeOffset(DateTime.SpecifyKind(authTime, DateTimeKind.Utc)).ToUnixTimeSeconds();
        var identity = new ClaimsIdentity(authenticationMethod);
        identity.AddClaim(new(ClaimNames.Subject, subject));
        identity.AddClaim(new(ClaimNames.AuthenticationMethod, authenticationMethod));
        identity.AddClaim(new(ClaimNames.IdentityProvider, identityProvider));
        identity.AddClaim(new(ClaimNames.AuthenticationTime, seconds.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        identity.AddClaims(claims ?? []);
        IsError = false;
        Subject = new ClaimsPrincipal(identity);
        CustomResponse = customResponse;
    }

    /// <summary>The user, where there is one.</summary>
    public ClaimsPrincipal? Subject { get; set; }

    /// <summary>More members for the answer.</summary>
    public Dictionary<string, object>? CustomResponse { get; set; }
}
