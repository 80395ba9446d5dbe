using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests;

/// <summary>Authorization Server Issuer Identification: no client takes another server's answer for ours (mix-up).</summary>
[Trait("Practice", "P01")]
public sealed class Rfc9207Tests(Replicas replicas)
{
    [Theory]
    [InlineData("mobile")]
    [InlineData("storefront")]
    [InlineData("partner")]
    public async Task Section_2_each_answer_names_the_issuer(string id)
    {
        using var client = OAuthClient.Of(replicas.One, id);
        using var person = await Person.SomebodyAsync(replicas.One);
        var good = await new CodeCall(client).AnswerAsync(person);
        var bad = await new CodeCall(client).With("prompt", "none").With("max_age", "0").AnswerAsync(person);
        Assert.Equal((true, IdentityHost.Issuer), (good.ContainsKey("code"), good["iss"]));
        Assert.Equal((true, IdentityHost.Issuer), (bad.ContainsKey("error"), bad["iss"]));
    }
}
