namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What went wrong with an authorize request, for the error page.</summary>
public class ErrorMessage
{
    /// <summary>How the page should look.</summary>
    public string? DisplayMode { get; set; }

    /// <summary>Languages the user likes.</summary>
    public string? UiLocales { get; set; }

    /// <summary>The code.</summary>
    public string Error { get; set; } = default!;

    /// <summary>What it means.</summary>
    public string? ErrorDescription { get; set; }

    /// <summary>The request in the logs.</summary>
    public string? RequestId { get; set; }

    /// <summary>The request in the traces.</summary>
    public string? ActivityId { get; set; }

    /// <summary>Where the browser could go back to; only ever a registered address.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>How the answer would be sent there.</summary>
    public string? ResponseMode { get; set; }

    /// <summary>The client that asked.</summary>
    public string? ClientId { get; set; }
}
