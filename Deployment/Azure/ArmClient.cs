using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace SecureShop.Deployment;

/// <summary>
/// Azure Resource Manager, by Azure.Core's pipeline: it retries what may pass (429, 5xx, broken connections), adds token and
/// request id. Here are the bounds on time and size, and failures as one sentence.
/// </summary>
internal sealed class ArmClient
{
    private const int LongestAnswer = 4 * 1024 * 1024;
    private const int MostPages = 100;
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(3);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Uri _endpoint;
    private readonly TimeProvider _clock;
    private readonly HttpPipeline _pipeline;

    internal ArmClient(Uri endpoint, TokenCredential credential, HttpPipelineTransport transport, TimeSpan firstDelay, TimeProvider clock)
    {
        (_endpoint, _clock) = (endpoint, clock);
        var options = new Options { Transport = transport };
        options.Retry.MaxRetries = 4;
        options.Retry.Delay = firstDelay;
        options.Retry.MaxDelay = TimeSpan.FromSeconds(20);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);

        // Nothing of a request is logged; by default only its body would be left out.
        options.Diagnostics.IsLoggingEnabled = false;
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(credential, "https://management.azure.com/.default"));
    }

    /// <summary>As whoever azd, or else az, is signed in: no variable or file of this machine decides, and no browser opens.</summary>
    public static ArmClient Connect(TimeProvider clock) => new(
        new Uri("https://management.azure.com"),
        new ChainedTokenCredential(new AzureDeveloperCliCredential(), new AzureCliCredential()),
        HttpClientTransport.Shared,
        TimeSpan.FromSeconds(1),
        clock);

    /// <summary>Reads a resource; <paramref name="purpose"/> completes "cannot …" in a failure.</summary>
    public async Task<T> GetAsync<T>(ArmResource resource, string purpose, CancellationToken cancellation) =>
        Read<T>(await SendAsync(new(RequestMethod.Get, Address(resource), purpose), cancellation), purpose);

    /// <summary>Reads all pages of a list.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(ArmResource resource, string purpose, CancellationToken cancellation)
    {
        List<T> all = [];
        var next = Address(resource);
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = Read<Page<T>>(await SendAsync(new(RequestMethod.Get, next, purpose), cancellation), purpose);
            all.AddRange(answer.Value);
            if (string.IsNullOrEmpty(answer.NextLink))
                return all;
            next = SameOrigin(answer.NextLink, purpose);
        }

        throw new DeploymentException($"Cannot {purpose}: there are more than {MostPages} pages of them, which this program does not expect; look at the resource in the Azure portal.");
    }

    /// <summary>Writes a resource whose body holds a secret: of a refusal only the code is shown, since its message may repeat the body.</summary>
    public async Task<T> PutSecretAsync<T>(ArmResource resource, object body, string purpose, CancellationToken cancellation) =>
        Read<T>(await SendAsync(new(RequestMethod.Put, Address(resource), purpose, body), cancellation), purpose);

    /// <summary>Has something done. Where Azure answers by a place to look at, that is looked at until it has an answer.</summary>
    public async Task<T> PostAsync<T>(ArmResource resource, string purpose, Poll poll, CancellationToken cancellation)
        where T : class
    {
        var answer = await SendAsync(new(RequestMethod.Post, Address(resource), purpose), cancellation);
        return await poll.UntilAsync(PollAsync, cancellation)
            ?? throw new DeploymentException($"Cannot {purpose}: Azure has accepted it and does not say what became of it; look at the resource in the Azure portal.");

        async Task<(T? Result, string State)> PollAsync()
        {
            if (answer is { Status: 202, Content.Length: 0, Location: { } location })
                answer = await SendAsync(new(RequestMethod.Get, SameOrigin(location, purpose), purpose), cancellation);
            return (answer is { Status: 202, Content.Length: 0 } ? null : Read<T>(answer, purpose), "accepted");
        }
    }

    /// <summary>Has something done whose answer does not matter.</summary>
    public Task PostAsync(ArmResource resource, string purpose, CancellationToken cancellation) =>
        SendAsync(new(RequestMethod.Post, Address(resource), purpose), cancellation);

    private Uri Address(ArmResource resource) => new(_endpoint, $"{resource.Path}?api-version={resource.ApiVersion}");

    // The next request carries the token: a link to elsewhere would hand it over.
    private Uri SameOrigin(string link, string purpose) =>
        Uri.TryCreate(link, UriKind.Absolute, out var address)
        && Uri.Compare(address, _endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? address
            : throw new DeploymentException($"Cannot {purpose}: the answer points to another server and is not followed; make sure that nothing stands between this machine and Azure, and run the same command again.");

    private async Task<Answer> SendAsync(Call call, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(LongestCall, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        using var message = _pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = call.Method;
        message.Request.Uri.Reset(call.Address);
        message.Request.Headers.SetValue("Accept", "application/json");
        if (call.Body is not null)
        {
            message.Request.Headers.SetValue("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(call.Body, Json));
        }

        try
        {
            await _pipeline.SendAsync(message, either.Token);
            var content = await ReadAsync(message.Response.ContentStream, call.Purpose, either.Token);
            return message.Response.Status is >= 200 and < 300
                ? new(message.Response.Status, content, message.Response.Headers.TryGetValue("Location", out var location) ? location : null)
                : throw ArmFailure.Of(message, content, call.Purpose, confidential: call.Body is not null);
        }
        catch (AuthenticationFailedException fault)
        {
            throw new DeploymentException($"Cannot {call.Purpose}: nobody is signed in to Azure ({OneLine.Of(fault.Message)}); run 'azd auth login', then the same command again.", fault);
        }
        catch (Exception fault) when (fault is RequestFailedException or AggregateException or IOException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new DeploymentException($"Cannot {call.Purpose}: Azure Resource Manager cannot be reached, or is too busy for the moment; check the network and run the same command again.", fault);
        }
    }

    // What goes on without an end would fill the memory.
    private static async Task<byte[]> ReadAsync(Stream? content, string purpose, CancellationToken cancellation)
    {
        if (content is null)
            return [];
        using var all = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await content.ReadAsync(part, cancellation)) > 0;)
        {
            if (all.Length + read > LongestAnswer)
                throw new DeploymentException($"Cannot {purpose}: the answer is longer than {LongestAnswer / 1024 / 1024} MiB, which Azure does not send; make sure that nothing stands between this machine and Azure.");
            await all.WriteAsync(part.AsMemory(0, read), cancellation);
        }

        return all.ToArray();
    }

    private static T Read<T>(Answer answer, string purpose)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Content, Json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            // Its message could quote the answer.
            throw new DeploymentException($"Cannot {purpose}: the answer is not what Azure Resource Manager sends; make sure that nothing stands between this machine and Azure, and run the same command again.");
        }
    }

    private sealed record Call(RequestMethod Method, Uri Address, string Purpose, object? Body = null);

    private sealed record Answer(int Status, byte[] Content, string? Location);

    private sealed record Page<T>(IReadOnlyList<T> Value, string? NextLink = null);

    private sealed class Options : ClientOptions;
}

/// <summary>A resource, or an action on one.</summary>
internal sealed record ArmResource(string Path, string ApiVersion);
