using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace SecureShop.Testing;

/// <summary>A good call of an operation, which is then spoilt.</summary>
/// <param name="Path">The path, with ids of what is there.</param>
/// <param name="Body">The body, where it has one.</param>
/// <param name="Headers">Headers that belong to it.</param>
public sealed record GoodCall(string Path, JsonNode? Body = null, params IReadOnlyList<(string Name, string Value)> Headers);

/// <summary>What became of the calls of one operation.</summary>
/// <param name="Accepted">How many were served in spite of all, as something in them was valid after all.</param>
/// <param name="Refused">How many were refused.</param>
/// <param name="Faults">Answers that should not have been.</param>
public sealed record HostileRun(int Accepted, int Refused, IReadOnlyList<string> Faults);

/// <summary>
/// Spoils good calls at random in one to three places, after the schemas of the service's own document: no call may make the service fail,
/// and none that is refused may change anything. The numbers are the same in each run, so that what fails once fails always.
/// </summary>
public static class HostileRequests
{
    private const uint Stream = 20_260_701;

    private static readonly string[] HeaderNames = ["If-Match", "If-None-Match", "Idempotency-Key", "Accept", "Accept-Language", "X-Forwarded-Proto", "traceparent", "X-HTTP-Method-Override", "Range"];

    /// <summary>Sends <paramref name="count"/> spoilt calls of <paramref name="operation"/>, after a good one.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="count">How many.</param>
    /// <param name="prepareAsync">Makes a good call, whose objects are there.</param>
    /// <param name="sendAsync">Sends it, as somebody who may.</param>
    /// <param name="stateAsync">All that the service holds and that a refused call must not change.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<HostileRun> RunAsync(
        ApiOperation operation,
        int count,
        Func<Task<GoodCall>> prepareAsync,
        Func<HttpRequestMessage, Task<HttpResponseMessage>> sendAsync,
        Func<Task<string>> stateAsync,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(prepareAsync);
        ArgumentNullException.ThrowIfNull(sendAsync);
        ArgumentNullException.ThrowIfNull(stateAsync);
        var faults = new List<string>();
        var (accepted, refused) = (0, 0);

        // A call that is refused as it is would prove nothing when it is spoilt.
        var good = await prepareAsync();
        using (var served = await sendAsync(Request(operation, new Spoiling(good))))
        {
            if ((int)served.StatusCode >= 400)
                faults.Add($"the good call: {(int)served.StatusCode} {await served.Content.ReadAsStringAsync(cancellationToken)}");
        }

        good = await prepareAsync();
        var before = await stateAsync();
        for (ulong round = 1; round <= (ulong)count; round++)
        {
            var spoilt = Spoil(operation, good, new PCG(Stream, round));
            using var answer = await sendAsync(Request(operation, spoilt));
            if (answer.StatusCode < HttpStatusCode.BadRequest)
            {
                // Whoever only reads changes nothing, served or not.
                accepted++;
                if (operation.Method == "GET")
                    continue;
                good = await prepareAsync();
                before = await stateAsync();
                continue;
            }

            refused++;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            var wrong = answer.StatusCode >= HttpStatusCode.InternalServerError ? text
                : answer.Content.Headers.ContentType?.MediaType != "application/problem+json" ? "without a problem"
                : Wording.Fault(JsonElement.Parse(text));
            if (wrong is not null)
                faults.Add($"{round} {spoilt}: {(int)answer.StatusCode} {wrong}");
        }

        if (await stateAsync() != before)
            faults.Add("A call that was refused has changed something.");
        return new(accepted, refused, faults);
    }

    private static Spoiling Spoil(ApiOperation operation, GoodCall good, PCG random)
    {
        var spoilt = new Spoiling(good);
        var whole = spoilt.Body;
        for (var times = Take(Gen.Int[1, 3], random); times > 0; times--)
        {
            switch (Take(Gen.Int[0, 9], random))
            {
                case 0 when operation.Path.Contains('{', StringComparison.Ordinal):
                    // Kestrel itself refuses NUL, before anything of ours; an address that begins with nothing between two slashes names a host.
                    var text = "-" + Take(HostileJson.Text, random).Replace("\0", "", StringComparison.Ordinal);
                    spoilt = spoilt with { Path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? Escape(text) : part)) };
                    break;
                case 1 or 2:
                    var name = operation.Query.Count > 0 && Take(Gen.Int[0, 4], random) > 0 ? Take(Gen.OneOf([.. operation.Query]), random) : $"x{Escape(Take(HostileJson.Text, random).Replace("-", "", StringComparison.Ordinal))}";
                    spoilt = spoilt with { Query = $"{spoilt.Query}{(spoilt.Query.Length == 0 ? '?' : '&')}{name}={Escape(Take(HostileJson.Text, random))}" };
                    break;
                case 3:
                    var header = Take(Gen.OneOf(HeaderNames), random);
                    spoilt = spoilt with { Headers = [.. spoilt.Headers.Where(one => one.Name != header), (header, Visible(Take(HostileJson.Text, random)))] };
                    break;
                default:
                    // Once: it may be past reading afterwards.
                    if (spoilt.Body is { } body && body == whole)
                        spoilt = spoilt with { Body = SpoilBody(body, operation, random) };
                    break;
            }
        }

        return spoilt;
    }

    private static string SpoilBody(string body, ApiOperation operation, PCG random)
    {
        var whole = JsonNode.Parse(body)!;
        var places = ApiWalk.Places(whole).ToArray();
        var place = Take(Gen.OneOf(places), random);
        return Take(Gen.Int[0, 7], random) switch
        {
            0 => ApiWalk.Without(whole, place),
            1 => body[..Take(Gen.Int[0, body.Length], random)],
            2 => $"{body[..^1]},{HostileJson.Quote(Take(HostileJson.Text, random))}:{Take(HostileJson.Value, random)}}}",
            3 => Take(HostileJson.Value, random),
            4 or 5 when ApiWalk.SchemaAt(operation.Body!, place) is { } schema => ApiWalk.With(whole, place, Take(HostileJson.Near(schema), random)),
            _ => ApiWalk.With(whole, place, Take(HostileJson.Value, random)),
        };
    }

    private static T Take<T>(Gen<T> values, PCG random) => values.Generate(random, null!, out _);

    // Halves of pairs have no bytes: as they stand in an address they are nonsense there.
    private static string Escape(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(one => char.IsAsciiLetterOrDigit((char)one) ? $"{(char)one}" : $"%{one:X2}"));

    // What the client would not send at all.
    private static string Visible(string text) => string.Concat(text.Where(one => one is >= ' ' and < '\u007F').Take(500));

    private static HttpRequestMessage Request(ApiOperation operation, Spoiling spoilt)
    {
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), new Uri(spoilt.Path + spoilt.Query, UriKind.Relative));
        if (spoilt.Body is not null)
            request.Content = HostileContent.Of(spoilt.Body, "application/json");
        foreach (var (name, value) in spoilt.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private sealed record Spoiling(string Path, string Query, string? Body, IReadOnlyList<(string Name, string Value)> Headers)
    {
        public Spoiling(GoodCall good)
            : this(good.Path, "", good.Body?.ToJsonString(), good.Headers)
        {
        }

        public override string ToString()
        {
            var text = $"{Path}{Query} {string.Join(' ', Headers)} {Body}";
            return text.Length > 600 ? text[..600] : text;
        }
    }
}
