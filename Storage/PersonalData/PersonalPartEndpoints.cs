using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Storage.PersonalData;

/// <summary>What waits for a service.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Subject">Whose data it is about.</param>
/// <param name="Kind">export or erase.</param>
public sealed record PersonalPartResponse(Guid Id, string Subject, string Kind)
{
    internal static PersonalPartResponse Of(PersonalRequest request) => new(request.Id, request.Subject, request.Kind == PersonalRequestKind.Export ? "export" : "erase");
}

/// <summary>What a service answers.</summary>
public sealed record PersonalPartRequest
{
    /// <summary>done, or too_large.</summary>
    public required string State { get; init; }

    /// <summary>The copy, where one was asked for.</summary>
    public JsonElement? Content { get; init; }
}

/// <summary>
/// Where services ask what people want of them, and answer. Each sees and answers its own parts, by the client that its token was made for; no token
/// of a person is taken, and the gateway has no route here.
/// </summary>
internal static class PersonalPartEndpoints
{
    private const string ClientSuffix = "-service";

    // What is around a part.
    private const int Wrapping = 4 * 1024;

    internal static async Task<Results<Ok<Page<PersonalPartResponse>>, ProblemHttpResult, ValidationProblem>> ListAsync(
        [AsParameters] PageQuery query, HttpContext http, PersonalRequests requests, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var (limit, after) = (query.ReadLimit(reader), query.ReadAfter(reader, ParseCursor));
        if (!reader.IsValid)
            return reader.Problem();
        if (ServiceOf(http.User) is not { } service)
            return Refuse(http);
        var open = await requests.ListOpenAsync(service, after, limit + 1, cancellationToken);
        return TypedResults.Ok(Page.Of(open, limit, request => PageCursor.Encode(request.Id.ToString("N"))).Select(PersonalPartResponse.Of));
    }

    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult, ValidationProblem>> AnswerAsync(
        Guid id, PersonalPartRequest answer, HttpContext http, PersonalRequests requests, CancellationToken cancellationToken)
    {
        if (ServiceOf(http.User) is not { } service)
            return Refuse(http);
        PersonalPartState? state = answer.State switch
        {
            "done" => PersonalPartState.Done,
            "too_large" => PersonalPartState.TooLarge,
            _ => null,
        };
        if (state is null)
            return TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["state"] = ["done or too_large."] });
        var content = answer.Content is { ValueKind: not JsonValueKind.Null } given ? Encoding.UTF8.GetBytes(given.GetRawText()) : null;
        return await requests.AnswerAsync(service, id, state.Value, content, cancellationToken) switch
        {
            PartAnswer.Kept => TypedResults.NoContent(),
            PartAnswer.NotAsked => TypedResults.NotFound(),
            PartAnswer.Different => TypedResults.Problem("This part has another answer, which stays.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Problem("This is no answer to what was asked.", statusCode: StatusCodes.Status400BadRequest),
        };
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(AccessTable.ListPersonalParts.Path, ListAsync).RequireAccess(AccessTable.ListPersonalParts).WithTags("Personal data")
            .WithSummary("Lists what people have asked for of the data that the calling service keeps, the oldest first.");
        app.MapPut(AccessTable.AnswerPersonalPart.Path, AnswerAsync).RequireAccess(AccessTable.AnswerPersonalPart).WithTags("Personal data")
            .WithSummary("Answers one of these for the calling service; safe to repeat.")
            .WithMetadata(new RequestSizeLimitAttribute(PersonalRequests.MaxContent + Wrapping));
    }

    // A token that was made for a client of ours and for nobody's name: whoever signed in, whatever their token holds, is no service.
    private static string? ServiceOf(ClaimsPrincipal user)
        => user.FindFirst("client_id")?.Value is { } client && (user.SubjectOrNull() is not { } subject || subject == client)
            && client.EndsWith(ClientSuffix, StringComparison.Ordinal) && client[..^ClientSuffix.Length] is var service && PersonalRequests.Services.Contains(service, StringComparer.Ordinal)
            ? service : null;

    private static ProblemHttpResult Refuse(HttpContext http)
    {
        SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.Other);
        return TypedResults.Problem(statusCode: StatusCodes.Status403Forbidden);
    }

    private static Guid? ParseCursor(string text)
        => PageCursor.TryDecode(text, 1, out var parts) && Guid.TryParseExact(parts[0], "N", out var id) ? id : null;
}
