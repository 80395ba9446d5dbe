using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Proof Key for Code Exchange: a code is of no use to who only has the code.</summary>
[Trait("Practice", "P01")]
public sealed class Rfc7636Tests(Replicas replicas)
{
    private readonly IdentityHost host = replicas.One;

    [Theory]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cME9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cME9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    [InlineData("code_challenge_method", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", "s256")]
    public async Task Section_4_3_only_a_challenge_by_S256_is_taken(string name, string? value)
    {
        using var client = OAuthClient.Mobile(host);
        using var person = await Person.SomebodyAsync(host);
        var answer = await new CodeCall(client).With(name, value).AnswerAsync(person);
        Assert.Equal("invalid_request", answer["error"]);
        Assert.DoesNotContain("code", answer.Keys);
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("storefront")]
    [InlineData("partner")]
    public async Task Section_4_6_the_verifier_must_be_the_right_one(string id)
    {
        using var client = OAuthClient.Of(host, id);
        using var person = await Person.SomebodyAsync(host);
        foreach (var verifier in (string?[])[null, "short", new('a', 43), new('a', 129)])
        {
            var call = new CodeCall(client);
            var answer = await call.RedeemAsync(await call.CodeAsync(person), ("code_verifier", verifier));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(answer.Error(), (string[])["invalid_grant", "invalid_request"]);
        }

        Assert.NotEmpty((await CodeCall.TokensAsync(client, person)).Text("access_token"));
    }
}
