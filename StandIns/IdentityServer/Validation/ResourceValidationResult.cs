using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>The scopes asked for, and what they stand for.</summary>
public class ResourceValidationResult
{
    /// <summary>An empty result.</summary>
    public ResourceValidationResult()
    {
    }

    /// <summary>A result from resources and the scopes that named them.</summary>
    public ResourceValidationResult(Resources resources, IEnumerable<ParsedScopeValue> parsedScopeValues)
    {
        Resources = resources;
        ParsedScopes = parsedScopeValues.ToList();
    }

    /// <summary>Whether something was asked for and all of it can be had.</summary>
    public bool Succeeded => ParsedScopes.Count > 0 && InvalidScopes.Count == 0;

    /// <summary>What the scopes stand for.</summary>
    public Resources Resources { get; set; } = new();

    /// <summary>The scopes.</summary>
    public ICollection<ParsedScopeValue> ParsedScopes { get; set; } = [];

    /// <summary>The scopes as they were sent.</summary>
    public IEnumerable<string> RawScopeValues => ParsedScopes.Select(scope => scope.RawValue);

    /// <summary>Scopes that cannot be had.</summary>
    public ICollection<string> InvalidScopes { get; set; } = [];
}

/// <summary>One scope.</summary>
public class ParsedScopeValue
{
    /// <summary>A scope without a parameter.</summary>
    public ParsedScopeValue(string rawValue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rawValue);
        RawValue = ParsedName = rawValue;
    }

    /// <summary>As it was sent.</summary>
    public string RawValue { get; set; }

    /// <summary>Its name.</summary>
    public string ParsedName { get; set; }
}
