namespace SecureShop.Identity.Tokens;

/// <summary>What a browser was asked for on behalf of one request, and has answered.</summary>
internal sealed record RequestMark
{
    /// <summary>Which request: a hash of its address.</summary>
    public required string Request { get; init; }

    /// <summary>When the browser was first sent to a page for it, in milliseconds.</summary>
    public required long AskedAt { get; init; }

    /// <summary>The sign-in that was there then: its session and when it was made.</summary>
    public string? Before { get; init; }

    /// <summary>What the client has asked for, in the engine's own words, where the engine cannot look it up again.</summary>
    public string? Asked { get; init; }

    /// <summary>The session whose person has said to go on as themselves.</summary>
    public string? ChosenBy { get; init; }

    /// <summary>The session whose person agrees.</summary>
    public string? AllowedBy { get; init; }

    public bool Refused { get; init; }

    /// <summary>Whether the sign-in of <paramref name="session"/> was made for this request, after it was asked for.</summary>
    public bool SignedInSince(ShopSession session) => session.AuthenticatedAt.ToUnixTimeMilliseconds() >= AskedAt && NameOf(session) != Before;

    public static string? NameOf(ShopSession? session) => session is null ? null : $"{session.Id}.{session.AuthenticatedAt.ToUnixTimeMilliseconds()}";
}

/// <summary>
/// Keeps <see cref="RequestMark"/>s in a sealed cookie, so that an answer counts for one request and at one browser: an address alone,
/// followed or copied, says nothing. A few requests can be open at once, in tabs; the oldest goes first.
/// </summary>
internal sealed class RequestMarks(IDataProtectionProvider protection, TimeProvider clock)
{
    private const int MaxOpen = 5;
    private const int MaxLength = 3500;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private static readonly CookieBuilder Cookie = HostCookie.Of("asked", SameSiteMode.Lax, Lifetime);
    private readonly IDataProtector seal = protection.CreateProtector("request-marks/v1");

    public RequestMark? Find(HttpContext context, string address) => Read(context).Find(mark => mark.Request == Hash(address));

    /// <summary>
    /// What a request still needs of its person, or what is wrong with it. A mark is made where the person is sent to a page for it the first
    /// time, with what a page must know of it in the engine's words, and goes where the request is at its end.
    /// </summary>
    public (Interaction Needs, string? Error) Next(HttpContext context, string address, ShopSession? session, RequestDemands demands, Func<string>? asked = null)
    {
        var mark = Find(context, address);
        var needs = demands.Needs(session, mark, clock.GetUtcNow());
        var error = demands.ErrorFor(needs, session, mark);
        if (error is not null || needs == Interaction.None)
            Forget(context, address);
        else if (mark is null)
            Keep(context, new() { Request = Hash(address), AskedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(), Before = RequestMark.NameOf(session), Asked = asked?.Invoke() });
        return (needs, error);
    }

    /// <summary>Keeps <paramref name="mark"/> in place of what was known of its request.</summary>
    private void Keep(HttpContext context, RequestMark mark) => Write(context, [mark, .. Read(context).Where(other => other.Request != mark.Request)]);

    /// <summary>Takes note of what the person says to <paramref name="request"/>, which holds for no other and at no other browser.</summary>
    public void Answer(HttpContext context, AuthorizationRequest request, Func<RequestMark, RequestMark> answer)
    {
        if (Find(context, request.ReturnUrl) is { } mark)
            Keep(context, answer(mark));
    }

    /// <summary>Forgets a request that has been answered.</summary>
    private void Forget(HttpContext context, string address)
    {
        var open = Read(context);
        if (open.RemoveAll(mark => mark.Request == Hash(address)) > 0)
            Write(context, open);
    }

    private static string Hash(string address) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 18));

    private List<RequestMark> Read(HttpContext context)
    {
        // What this very answer has set counts before what came.
        if (context.Items.TryGetValue(typeof(RequestMarks), out var kept))
            return [.. (List<RequestMark>)kept!];
        return Cookie.Read(context) is { Length: <= 2 * MaxLength } text ? seal.Open<List<RequestMark>>(text, clock.GetUtcNow()) ?? [] : [];
    }

    private void Write(HttpContext context, List<RequestMark> open)
    {
        // A browser keeps no cookie of more than 4,096 bytes.
        open = [.. open.Take(MaxOpen)];
        var (until, text) = (clock.GetUtcNow() + Lifetime, "");
        while ((text = seal.Close(open, until)).Length > MaxLength && open.Count > 1)
            open.RemoveAt(open.Count - 1);
        context.Items[typeof(RequestMarks)] = open;
        if (open.Count == 0)
            Cookie.Remove(context);
        else
            Cookie.Write(context, text);
    }
}
