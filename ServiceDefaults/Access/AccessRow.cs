using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// One row of the <see cref="AccessTable"/>: an endpoint of an API, and who may call it. The service takes its rule from here, the gateway its
/// route and its limits, OpenAPI and docs/access.md what they say of it.
/// </summary>
/// <param name="Name">The endpoint's name, also in OpenAPI.</param>
/// <param name="Service">The service that has it, which is also the audience of its tokens.</param>
/// <param name="Method">The method. HEAD comes with GET.</param>
/// <param name="Path">The path as the service knows it.</param>
/// <param name="Rule">Who may.</param>
public sealed record AccessRow(string Name, string Service, string Method, string Path, AccessRule Rule)
{
    /// <summary>Whether the gateway has a route to it. What has none is for services alone.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>The authentication scheme of its tokens, where the service knows callers by another; null is its only one.</summary>
    public string? Scheme { get; init; }

    /// <summary>Whose object it must be, where that matters.</summary>
    /// <exception cref="InvalidOperationException">The rule has no ownership: whoever asks for it must not take that for "anybody's".</exception>
    public Ownership Ownership => Rule.Ownership ?? throw new InvalidOperationException($"{Name} has no ownership in the access table.");

    /// <summary>The limits that the gateway counts it with.</summary>
    public LimitClass Limit => LimitOf(Method);

    /// <summary>The limits of an API's method: known before the route is, so that a request is counted before anything else of it is looked at.</summary>
    public static LimitClass LimitOf(string method)
        => HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) ? LimitClass.Write : LimitClass.Read;

    /// <summary>Whether the row is that of an endpoint with <paramref name="method"/> and <paramref name="pattern"/>, as the endpoint itself says.</summary>
    public bool Describes(string method, string? pattern)
        => string.Equals(Method, method, StringComparison.Ordinal) && string.Equals(Path.Trim('/'), pattern?.Trim('/'), StringComparison.Ordinal);
}

/// <summary>How costly or attractive to attackers a call is; it decides the limits.</summary>
public enum LimitClass
{
    /// <summary>Reads.</summary>
    Read,

    /// <summary>Changes something.</summary>
    Write,

    /// <summary>A person tries a credential: signing in and all that is posted to its pages.</summary>
    Credential,

    /// <summary>A program asks for a token. Many people may be behind its address, and their sign-ins must not use it up.</summary>
    Token,
}
