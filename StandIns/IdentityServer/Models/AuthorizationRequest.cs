using System.Collections.Specialized;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What a client asked for, as the login page sees it.</summary>
public class AuthorizationRequest
{
    /// <summary>An empty request.</summary>
    public AuthorizationRequest() => Parameters = [];

    internal AuthorizationRequest(ValidatedAuthorizeRequest request)
    {
        Client = request.Client;
        RedirectUri = request.RedirectUri;
        UiLocales = request.Raw["ui_locales"];
        DisplayMode = request.Raw["display"];
        LoginHint = request.LoginHint;
        PromptModes = request.PromptModes;
        AcrValues = request.AcrValues;
        ValidatedResources = request.ValidatedResources;
        Parameters = request.Raw;
    }

    /// <summary>The client.</summary>
    public Client Client { get; set; } = default!;

    /// <summary>How the page should look.</summary>
    public string? DisplayMode { get; set; }

    /// <summary>Where the answer goes.</summary>
    public string RedirectUri { get; set; } = default!;

    /// <summary>Languages the user likes.</summary>
    public string? UiLocales { get; set; }

    /// <summary>The identity provider that the client wants.</summary>
    public string? IdP { get; set; }

    /// <summary>The user name to start with.</summary>
    public string? LoginHint { get; set; }

    /// <summary>How much the user wants to be asked.</summary>
    public IEnumerable<string> PromptModes { get; set; } = [];

    /// <summary>Authentication context that the client wants.</summary>
    public IEnumerable<string> AcrValues { get; set; } = [];

    /// <summary>The scopes asked for, checked.</summary>
    public ResourceValidationResult ValidatedResources { get; set; } = default!;

    /// <summary>Everything that was sent.</summary>
    public NameValueCollection Parameters { get; }
}
