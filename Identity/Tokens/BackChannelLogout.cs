using System.Threading.Channels;

namespace SecureShop.Identity.Tokens;

/// <summary>
/// Tells clients by a signed token that a session of theirs has ended (OpenID Connect Back-Channel Logout 1.0). Beside the request: a client
/// that does not answer keeps nobody from signing out. It hears of it at its next refresh all the same.
/// </summary>
internal sealed partial class BackChannelLogout(
    IHttpClientFactory http, KnownClients clients, SigningKeys keys, IOptions<IssuerOptions> issuer, TimeProvider clock, ILogger<BackChannelLogout> logger)
    : BackgroundService
{
    public const string ClientName = "back-channel-logout";
    private const int MaxWaiting = 1_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly Channel<(ShopClient Client, string Subject, string Session)> waiting
        = Channel.CreateBounded<(ShopClient, string, string)>(MaxWaiting);

    /// <summary>Has those of <paramref name="ids"/> told that want to know.</summary>
    public void Tell(string subject, string session, IEnumerable<string> ids)
    {
        foreach (var client in ids.Select(clients.Find).OfType<ShopClient>().Where(client => client.BackChannelLogoutUri is not null))
        {
            if (!waiting.Writer.TryWrite((client, subject, session)))
                NotTold(client.Id, "too many wait");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (client, subject, session) in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                using var sender = http.CreateClient(ClientName);
                using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", Token(client, subject, session))]);
                using var answer = await sender.PostAsync(new Uri(client.BackChannelLogoutUri!), content, stoppingToken);
                answer.EnsureSuccessStatusCode();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                NotTold(client.Id, failure.GetType().Name);
            }
        }
    }

    [LoggerMessage(4102, LogLevel.Warning, "The client {Client} could not be told that a session has ended ({Failure}); it notices at its next refresh.")]
    private partial void NotTold(string client, string failure);

    private string Token(ShopClient client, string subject, string session)
    {
        var now = clock.GetUtcNow();
        var content = JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Iss] = issuer.Value.Issuer,
            [JwtRegisteredClaimNames.Aud] = client.Id,
            [JwtRegisteredClaimNames.Iat] = now.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Exp] = (now + Lifetime).ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid(),
            [ShopClaims.Subject] = subject,
            [ShopClaims.Session] = session,
            ["events"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["http://schemas.openid.net/event/backchannel-logout"] = new object() },
        });
        return new JsonWebTokenHandler().CreateToken(
            content, new SigningCredentials(keys.Ring[0], SecurityAlgorithms.EcdsaSha256), new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = "logout+jwt" });
    }
}
