using System.Text.RegularExpressions;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>What IdentityServer would take and the shop does not offer, of requests that are right otherwise.</summary>
internal sealed class AuthorizeRequests(Demands demands) : ICustomAuthorizeRequestValidator
{
    public async Task ValidateAsync(CustomAuthorizeRequestValidationContext context)
    {
        var request = context.Result!.ValidatedRequest;
        if (request.RequestObject is not null)
            context.Result = new(request, "request_not_supported", "Push the request instead (RFC 9126).");
        else if (await FaultAsync(request) is { } fault)
            context.Result = new(request, "invalid_request", fault);
    }

    private async Task<string?> FaultAsync(ValidatedAuthorizeRequest request)
    {
        // With these IdentityServer notes in the address that a prompt was shown. We keep such notes elsewhere, so who sends one forges it.
        var names = request.Raw.AllKeys.OfType<string>().ToList();
        if (names.Exists(name => name.StartsWith("suppressed_", StringComparison.OrdinalIgnoreCase)))
            return "Unknown parameter.";

        // Of two values, one reader takes the first and another the last.
        if (names.Exists(name => name != "resource" && request.Raw.GetValues(name)!.Length > 1))
            return "A parameter came twice.";

        // A fragment stays in the browser's history.
        if (request.ResponseMode == "fragment")
            return "The response mode is not offered.";

        // A pushed request is looked at again when its person comes with it.
        return request.AuthorizeRequestType != AuthorizeRequestType.PushedAuthorization && request.Raw["id_token_hint"] is { Length: > 0 } hint
            && await demands.SubjectOfAsync(hint, request.ClientId) is null ? "The hint is no ID token of this client." : null;
    }
}

/// <summary>Open redirect: an address is the registered one, letter by letter. Of loopback addresses the port may be any (RFC 8252, 7.3).</summary>
internal sealed partial class RedirectUris : IRedirectUriValidator
{
    public Task<bool> IsRedirectUriValidAsync(string requestedUri, Client client)
        => Task.FromResult(client.RedirectUris.Contains(Loopback.Replace(requestedUri, "${host}"), StringComparer.Ordinal));

    public Task<bool> IsPostLogoutRedirectUriValidAsync(string requestedUri, Client client)
        => Task.FromResult(client.PostLogoutRedirectUris.Contains(requestedUri, StringComparer.Ordinal));

    [GeneratedRegex(@"^(?<host>http://(127\.0\.0\.1|\[::1\])):[0-9]{1,5}(?=/)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Loopback { get; }
}
