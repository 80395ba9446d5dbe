using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecureShop.Testing;

/// <summary>Stands where Identity keeps what people ask of the services: hands it out, and takes what is answered.</summary>
public sealed class TestPersonalParts
{
    private readonly ConcurrentDictionary<Guid, (string Subject, string Kind)> open = new();

    /// <summary>What was answered, by the part's id.</summary>
    public ConcurrentDictionary<Guid, JsonElement> Answers { get; } = new();

    /// <summary>Takes no answer, as one that is away.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Somebody asks for something.</summary>
    public Guid Ask(string subject, string kind)
    {
        var id = Guid.CreateVersion7();
        open[id] = (subject, kind);
        return id;
    }

    /// <summary>Adds the two endpoints.</summary>
    public void MapTo(WebApplication app)
    {
        app.MapGet("/personal-parts", (HttpContext http) => Refusal(http) ?? Results.Json(new
        {
            items = open.OrderBy(one => one.Key).Select(one => new { id = one.Key, subject = one.Value.Subject, kind = one.Value.Kind }),
            next = (string?)null,
        }));
        app.MapPut("/personal-parts/{id:guid}", async (Guid id, HttpContext http) => Refusal(http) ?? Take(id, await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body)));
    }

    private IResult Take(Guid id, JsonElement answer)
    {
        if (IsDeaf)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        Answers[id] = answer;
        return open.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound();
    }

    private static IResult? Refusal(HttpContext http) => http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal) ? null : Results.Unauthorized();
}
