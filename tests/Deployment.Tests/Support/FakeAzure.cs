using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.Testing;

namespace SecureShop.Deployment.Tests.Support;

/// <summary>What a command said.</summary>
internal sealed record Said(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>
/// A small Azure Resource Manager: keeps secrets, a job and an app, wants a token and the right api-version, and can be told to
/// misbehave. <see cref="RunAsync"/> runs a command against it as a user would.
/// </summary>
internal sealed class FakeAzure : IAsyncDisposable
{
    public const string Group = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/";
    private const string Token = "token-of-the-tests";

    private readonly LoopbackServer _server;
    private int _versions;

    public FakeAzure() => _server = new LoopbackServer(app => app.Run(AnswerAsync));

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What stands on the standard input.</summary>
    public string Input { get; set; } = "";

    /// <summary>Every value that was ever written: none may be shown.</summary>
    public ConcurrentQueue<string> Values { get; } = new();

    public SortedDictionary<string, JsonObject> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the resources besides the vault answer, by method and path below the resource group.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Others { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Says whether it has answered itself.</summary>
    public Func<HttpContext, Task<bool>> Misbehave { get; set; } = _ => Task.FromResult(false);

    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["AZURE_SUBSCRIPTION_ID"] = "00000000-0000-0000-0000-00000000000a",
        ["AZURE_RESOURCE_GROUP"] = "rg-shop",
        ["AZURE_KEY_VAULT_NAME"] = "kv-shop",
        ["AZURE_DATABASE_JOB_NAME"] = "job-database",
        ["AZURE_GATEWAY_APP_NAME"] = "gateway",
    };

    public TimeProvider Clock { get; set; } = new SkippingClock();

    public TokenCredential Credential { get; set; } = new SignedIn();

    public Uri Address => _server.Address;

    public IEnumerable<string> Writes => Requests.Where(request => !request.StartsWith("GET ", StringComparison.Ordinal));

    public static async Task<FakeAzure> StartAsync()
    {
        var azure = new FakeAzure();
        await azure._server.StartAsync();
        return azure;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public async Task<Said> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        using var handler = TestCertificate.Handler();
        using var transport = new HttpClientTransport(handler);
        var line = new CommandLine(
            new AzdSettings(Variables.GetValueOrDefault),
            () => new ArmClient(Address, Credential, transport, TimeSpan.FromMilliseconds(1), Clock),
            Clock, new StringReader(Input), output, errors);
        var said = new Said(await line.RunAsync(args, TestContext.Current.CancellationToken), output.ToString(), errors.ToString());

        // Whatever happened: no secret is shown, and a failure is one line.
        Assert.All(Values, value => Assert.DoesNotContain(value, said.All, StringComparison.Ordinal));
        Assert.DoesNotContain(Token, said.All, StringComparison.Ordinal);
        Assert.Equal(said.ExitCode == 0, said.Error.Length == 0);
        Assert.DoesNotContain('\n', said.Error.TrimEnd('\n'));
        return said;
    }

    public void Announce(string name, string? make = null, string? made = null, string? publicPart = null, bool enabled = true)
    {
        var tags = new JsonObject { ["purpose"] = "tests" };
        foreach (var (tag, value) in new[] { ("make", make), ("made", made), ("public-part", publicPart) })
        {
            if (value is not null)
                tags[tag] = value;
        }

        Store(name, new JsonObject { ["tags"] = tags, ["properties"] = new JsonObject { ["value"] = "announced", ["contentType"] = $"of {name}" } }, enabled);
    }

    public string ValueOf(string name) => Secrets[name]["properties"]!["value"]!.GetValue<string>();

    public string? TagOf(string name, string tag) => Secrets[name]["tags"]?[tag]?.GetValue<string>();

    public string VersionOf(string name) => Secrets[name]["properties"]!["secretUriWithVersion"]!.GetValue<string>();

    public void Store(string name, JsonObject body, bool enabled = true)
    {
        body["name"] = name;
        var properties = body["properties"]!.AsObject();
        properties["secretUriWithVersion"] = $"https://kv-shop.vault.azure.net/secrets/{name}/{++_versions:x32}";
        properties["attributes"] = new JsonObject { ["enabled"] = enabled };
        Secrets[name] = body;
    }

    public static Task JsonAsync(HttpContext context, object? answer, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
    }

    public static Task ErrorAsync(HttpContext context, int status, string code, string message) => JsonAsync(context, new { error = new { code, message } }, status);

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue($"{context.Request.Method} {path.Replace(Group, "", StringComparison.Ordinal)}");
        if (await Misbehave(context))
            return;
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
            await ErrorAsync(context, 401, "InvalidAuthenticationToken", "The access token is invalid.");
        else if (!Guid.TryParse(context.Request.Headers["x-ms-client-request-id"], out _))
            await ErrorAsync(context, 400, "Tests", "A request without a number.");
        else if (context.Request.Query["api-version"] != (path.Contains("Microsoft.KeyVault", StringComparison.Ordinal) ? "2024-11-01" : "2025-07-01"))
            await ErrorAsync(context, 400, "InvalidApiVersionParameter", "The api-version is not known.");
        else if (path.StartsWith($"{Group}Microsoft.KeyVault/vaults/kv-shop/secrets", StringComparison.Ordinal))
            await SecretsAsync(context, path.Split('/'));
        else if (Others.TryGetValue($"{context.Request.Method} {path.Replace(Group, "", StringComparison.Ordinal)}", out var answer))
            await answer(context);
        else
            await ErrorAsync(context, 404, "ResourceNotFound", "The resource was not found.");
    }

    // Pages of two, so that everything that lists has to turn them.
    private async Task SecretsAsync(HttpContext context, string[] path)
    {
        if (path is [.., "secrets"])
        {
            var skip = int.TryParse(context.Request.Query["skip"], out var given) ? given : 0;
            await JsonAsync(context, new
            {
                value = Secrets.Values.Skip(skip).Take(2).Select(Shown),
                nextLink = Secrets.Count > skip + 2 ? $"{Address}{context.Request.Path.Value![1..]}?api-version=2024-11-01&skip={skip + 2}" : null,
            });
        }
        else if (context.Request.Method == "PUT")
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
            Values.Enqueue(body["properties"]!["value"]!.GetValue<string>());
            Store(path[^1], body);
            await JsonAsync(context, Shown(body));
        }
        else if (Secrets.TryGetValue(path[^1], out var secret))
        {
            await JsonAsync(context, Shown(secret));
        }
        else
        {
            await ErrorAsync(context, 404, "SecretNotFound", "The secret was not found.");
        }
    }

    private static JsonNode Shown(JsonObject secret)
    {
        var shown = secret.DeepClone();
        shown["properties"]!.AsObject().Remove("value");
        return shown;
    }

    private sealed class SignedIn : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://management.azure.com/.default"], requestContext.Scopes);
            return new(Token, TimeProvider.System.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
