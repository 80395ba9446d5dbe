using System.Security.Claims;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A claim about a client.</summary>
public class ClientClaim
{
    /// <summary>An empty claim.</summary>
    public ClientClaim()
    {
    }

    /// <summary>A text claim.</summary>
    public ClientClaim(string type, string value)
        : this(type, value, ClaimValueTypes.String)
    {
    }

    /// <summary>A claim whose value has a type.</summary>
    public ClientClaim(string type, string value, string valueType)
    {
        Type = type;
        Value = value;
        ValueType = valueType;
    }

    /// <summary>The claim's type.</summary>
    public string Type { get; set; } = default!;

    /// <summary>The claim's value.</summary>
    public string Value { get; set; } = default!;

    /// <summary>One of <see cref="ClaimValueTypes"/>.</summary>
    public string ValueType { get; set; } = ClaimValueTypes.String;
}
