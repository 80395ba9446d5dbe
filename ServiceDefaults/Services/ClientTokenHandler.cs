using System.Net;
using System.Net.Http.Headers;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Puts the service's own token on a call. The user's token is never passed on: it was not made for that audience.</summary>
internal sealed class ClientTokenHandler(string scope, ClientTokens tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(scope, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            tokens.Forget(scope, token);
        return answer;
    }
}
