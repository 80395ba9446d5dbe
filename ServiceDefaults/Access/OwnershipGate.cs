using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// Stands around the handler of an endpoint whose rule has ownership, and lets no success out that nobody has judged: a handler that forgets to
/// ask whose an object is, asks by another rule, or does not heed the answer, answers 500 to everybody, its owner included. So the first
/// test that calls it finds the fault, and an attacker gets nothing.
/// </summary>
internal sealed class OwnershipGate(Ownership rule)
{
    /// <summary>Whether it stands there. Endpoints that are no handlers know no filters, and would pass it by without a word.</summary>
    public bool IsInPlace { get; private set; }

    /// <summary>Puts it around <paramref name="handler"/>.</summary>
    public EndpointFilterDelegate Around(EndpointFilterFactoryContext context, EndpointFilterDelegate handler)
    {
        IsInPlace = true;
        return async invocation =>
        {
            var http = invocation.HttpContext;
            var judgement = http.RequestServices.GetRequiredService<OwnershipJudgement>();
            judgement.Asks = rule;
            var answer = await handler(invocation);
            if (judgement.LetsOut || Refuses(answer, http))
                return answer;

            // What a handler has written by itself has left already; the caller must not take it for whole.
            if (http.Response.HasStarted)
                http.Abort();
            throw new InvalidOperationException($"{http.GetEndpoint()?.DisplayName} succeeds, and nobody has found the object to be the caller's ({rule.InWords()}).");
        };
    }

    private static bool Refuses(object? answer, HttpContext http)
    {
        while (answer is INestedHttpResult { Result: var inner })
            answer = inner;
        return answer switch
        {
            ForbidHttpResult or ChallengeHttpResult => true,
            IStatusCodeHttpResult { StatusCode: { } status } => status >= StatusCodes.Status400BadRequest,
            _ => http.Response.StatusCode >= StatusCodes.Status400BadRequest,
        };
    }
}

/// <summary>
/// What was found of ownership in one request: <see cref="OwnershipHandler"/> writes it and <see cref="OwnershipGate"/> reads it. A refusal
/// stays: of a list, one row of somebody else spoils all.
/// </summary>
internal sealed class OwnershipJudgement
{
    private bool judged;
    private bool denied;

    /// <summary>The rule that counts: that of the endpoint. What a handler finds by another is not an answer to it.</summary>
    public Ownership? Asks { get; set; }

    /// <summary>Whether a success may be answered.</summary>
    public bool LetsOut => judged && (!denied || Asks?.PublicPart == true);

    /// <summary>Keeps what <paramref name="rule"/> says of one object.</summary>
    public void Keep(Ownership rule, bool opens)
    {
        if (!rule.Equals(Asks))
            return;
        judged = true;
        denied |= !opens;
    }
}

/// <summary>Whether the caller may act on an object, or on each of several: none of them is somebody else's in an empty list.</summary>
/// <remarks>
/// Leaves no event: "does it belong to the caller?" is also asked to choose what to show. Where the answer refuses, the endpoint
/// says so (<see cref="Events.SecurityEvents.OwnershipRefused(Microsoft.Extensions.Logging.ILogger)"/>).
/// </remarks>
internal sealed class OwnershipHandler(OwnershipJudgement judgement) : AuthorizationHandler<Ownership>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Ownership requirement)
    {
        var opens = context.Resource switch
        {
            IOwned thing => requirement.Opens(thing, context.User),
            IEnumerable<IOwned> things => things.All(thing => requirement.Opens(thing, context.User)),
            _ => false,
        };
        judgement.Keep(requirement, opens);
        if (opens)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
