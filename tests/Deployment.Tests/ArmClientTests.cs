using System.Diagnostics;
using Azure.Core;
using Azure.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Deployment.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Deployment.Tests;

/// <summary>Azure, or what stands in its place, does not do as it should.</summary>
public sealed class ArmClientTests
{
    private static async Task<FakeAzure> AzureAsync()
    {
        var azure = await FakeAzure.StartAsync();
        azure.Announce("a-password", "password");
        azure.Announce("b-password", "password");
        azure.Announce("c-password", "password");
        return azure;
    }

    [Fact]
    public async Task Throttled_it_waits_as_long_as_it_is_told_and_goes_on()
    {
        await using var azure = await AzureAsync();
        var (refused, begin) = (false, Stopwatch.GetTimestamp());
        azure.Misbehave = async context =>
        {
            if (refused)
                return false;
            refused = true;
            context.Response.Headers.RetryAfter = "1";
            await FakeAzure.ErrorAsync(context, 429, "TooManyRequests", "Slow down.");
            return true;
        };

        Assert.Equal(0, (await azure.RunAsync("secrets")).ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(begin) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Told_to_wait_for_an_hour_it_gives_up()
    {
        await using var azure = await AzureAsync();
        var clock = new FakeTimeProvider();
        azure.Clock = clock;
        azure.Misbehave = async context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            await FakeAzure.ErrorAsync(context, 429, "TooManyRequests", "Slow down.");
            clock.Advance(TimeSpan.FromMinutes(4));
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("too busy for the moment", said.Error, StringComparison.Ordinal);
        Assert.Single(azure.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(0)]
    public async Task What_may_pass_is_tried_again_and_not_for_ever(int status)
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = context =>
        {
            if (status == 0)
                context.Abort();
            context.Response.StatusCode = status == 0 ? 200 : status;
            return Task.FromResult(true);
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.StartsWith("Cannot list the secrets of kv-shop: ", said.Error, StringComparison.Ordinal);
        Assert.Equal(5, azure.Requests.Count);

        azure.Requests.Clear();
        azure.Misbehave = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(azure.Requests.Count < 3);
        };
        Assert.Equal(0, (await azure.RunAsync("secrets")).ExitCode);
    }

    [Theory]
    [InlineData(401, "ExpiredAuthenticationToken", "run 'azd auth login'")]
    [InlineData(403, "AuthorizationFailed", "lacks the role Key Vault Contributor")]
    [InlineData(403, "RequestDisallowedByPolicy", "a policy of the organisation forbids it")]
    [InlineData(404, "ResourceNotFound", "run 'azd provision' first")]
    [InlineData(404, "SubscriptionNotFound", "set the right AZURE_SUBSCRIPTION_ID")]
    [InlineData(409, "Conflict", "somebody else is changing it")]
    [InlineData(400, "BadParameter", "Azure refuses it")]
    public async Task A_refusal_is_told_with_its_mend(int status, string code, string mend)
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = async context =>
        {
            await FakeAzure.ErrorAsync(context, status, code, "First line.\r\n\u001b[2J\u2028Second line.");
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains(mend, said.Error, StringComparison.Ordinal);
        Assert.Contains($"(HTTP {status}, {code}: First line. [2J Second line; request ", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_repeats_the_secret_is_not_repeated()
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = async context =>
        {
            if (context.Request.Method != "PUT")
                return false;
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            using var sent = System.Text.Json.JsonDocument.Parse(body);
            var value = sent.RootElement.GetProperty("properties").GetProperty("value").GetString()!;
            azure.Values.Enqueue(value);
            await FakeAzure.ErrorAsync(context, 400, "BadParameter", $"The value {value} is not allowed.");
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("(HTTP 400, BadParameter; request ", said.Error, StringComparison.Ordinal);
        Assert.Single(azure.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>Sign in to the network</html>")]
    [InlineData("{\"value\":[{\"name\":null}]}")]
    [InlineData("{\"value\":[{}]}")]
    [InlineData("{\"values\":[]}")]
    [InlineData("{\"value\":[{\"name\":\"a\",\"tags\":{\"make\":")]
    public async Task What_is_no_answer_of_Azures_is_not_taken_for_one(string body)
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = async context =>
        {
            await context.Response.WriteAsync(body);
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("is not what Azure Resource Manager sends", said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Theory]
    [InlineData(200, 0, "has no secret with a tag 'make'")]
    [InlineData(200, 1, "longer than 4 MiB")]
    [InlineData(403, 0, "lacks the role Key Vault Contributor")]
    [InlineData(403, 1, "longer than 4 MiB")]
    public async Task An_answer_is_read_up_to_a_bound(int status, int beyond, string told)
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("{\"value\":[]}".PadRight((4 * 1024 * 1024) + beyond));
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains(told, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("plain")]
    [InlineData("user")]
    [InlineData("relative")]
    public async Task A_next_page_elsewhere_does_not_get_the_token(string kind)
    {
        await using var azure = await AzureAsync();
        var stolen = 0;
        await using var elsewhere = await new LoopbackServer(app => app.Run(context =>
        {
            Interlocked.Increment(ref stolen);
            return FakeAzure.JsonAsync(context, new { value = Array.Empty<object>() });
        })).StartAsync();
        azure.Misbehave = async context =>
        {
            var nextLink = kind switch
            {
                "elsewhere" => $"{elsewhere.Address}more",
                "plain" => $"http://localhost:{azure.Address.Port}/more",
                "user" => $"https://localhost:{azure.Address.Port}@localhost:{elsewhere.Address.Port}/more",
                _ => "//evil.example/more",
            };
            await FakeAzure.JsonAsync(context, new { value = Array.Empty<object>(), nextLink });
            return true;
        };

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("points to another server and is not followed", said.Error, StringComparison.Ordinal);
        Assert.Equal(0, stolen);
        Assert.Single(azure.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = context =>
        {
            context.Response.Redirect($"{azure.Address}elsewhere");
            return Task.FromResult(true);
        };

        Assert.Equal(1, (await azure.RunAsync("secrets")).ExitCode);
        Assert.Single(azure.Requests);
    }

    [Fact]
    public async Task Pages_without_an_end_are_not_turned_for_ever()
    {
        await using var azure = await AzureAsync();
        azure.Misbehave = async context =>
        {
            await FakeAzure.JsonAsync(context, new { value = Array.Empty<object>(), nextLink = $"{azure.Address}more" });
            return true;
        };

        Assert.Contains("more than 100 pages", (await azure.RunAsync("secrets")).Error, StringComparison.Ordinal);
        Assert.Equal(100, azure.Requests.Count);
    }

    [Fact]
    public async Task Signed_in_nowhere_it_asks_for_nothing_and_says_how()
    {
        await using var azure = await AzureAsync();
        azure.Credential = new SignedOut();

        var said = await azure.RunAsync("secrets");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("nobody is signed in to Azure (Not logged in); run 'azd auth login'", said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Requests);
    }

    private sealed class SignedOut : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("Not logged in.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("Not logged in.");
    }
}
