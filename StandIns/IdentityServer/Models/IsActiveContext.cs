using System.Security.Claims;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Asks whether a user may still have tokens.</summary>
public class IsActiveContext
{
    /// <summary>A question about a user for a client.</summary>
    public IsActiveContext(ClaimsPrincipal subject, Client client, string caller)
    {
        Subject = subject ?? throw new ArgumentNullException(nameof(subject));
        Client = client ?? throw new ArgumentNullException(nameof(client));
        ArgumentException.ThrowIfNullOrWhiteSpace(caller);
        Caller = caller;
        IsActive = true;
    }

    /// <summary>The user.</summary>
    public ClaimsPrincipal Subject { get; set; }

    /// <summary>The client.</summary>
    public Client Client { get; set; }

    /// <summary>One of <see cref="IdentityServerConstants.ProfileIsActiveCallers"/>.</summary>
    public string Caller { get; set; }

    /// <summary>The answer.</summary>
    public bool IsActive { get; set; }
}
