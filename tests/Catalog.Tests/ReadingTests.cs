using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>What reading costs: one statement, which Postgres has prepared, and none that EF Core has to work out anew.</summary>
public sealed class ReadingTests(CatalogHost host)
{
    [Fact]
    public async Task A_read_of_what_everyone_sees_is_one_statement()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var guest = host.Guest();
        var product = await seller.Add();
        foreach (var path in (string[])[$"/products/{product.Id}", $"/products?seller={subject}", $"/products?seller={subject}&q=ruler&sort=relevance", $"/products?seller={subject}&sort=price&minPrice=1&inStock=true"])
        {
            var heard = await StatementsAsync(guest, path);
            Assert.True(heard.Count == 1, $"{path}: {string.Join('\n', heard)}");
        }
    }

    [Fact]
    [Trait("Practice", "P17")]
    public async Task What_everyone_sees_is_read_without_the_private_columns()
    {
        var subject = $"{Guid.NewGuid()}";
        using var seller = host.Seller(subject);
        using var guest = host.Guest();
        var product = await seller.Add();
        foreach (var path in (string[])[$"/products/{product.Id}", $"/products?seller={subject}"])
        {
            var heard = Assert.Single(await StatementsAsync(guest, path));
            foreach (var column in (string[])["cost", "supplier", "created_at", "*"])
                Assert.DoesNotContain(column, heard, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task A_token_without_a_subject_sees_what_a_guest_sees()
    {
        using var seller = host.Seller();
        using var guest = host.Guest();
        using var service = host.As(TestTokens.Create("catalog", null, ["catalog.read"], ["admin"]));
        var open = await seller.Add();
        var draft = await seller.Add(Sample.Product(published: false));
        Assert.Equal((await guest.Get($"/products/{open.Id}")).Text, (await service.Get($"/products/{open.Id}")).Expect(HttpStatusCode.OK).Text);
        (await service.Get($"/products/{draft.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        (await guest.Get($"/products/{draft.Id}")).ExpectProblem(HttpStatusCode.NotFound);
        (await seller.Get($"/products/{draft.Id}")).Expect(HttpStatusCode.OK);
    }

    /// <summary>Asks as a guest, and hears what that asks of Postgres: others run at the same time, so by the trace that it belongs to.</summary>
    private static async Task<IReadOnlyList<string>> StatementsAsync(Caller guest, string path)
    {
        var trace = ActivityTraceId.CreateRandom();
        var heard = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace && activity.GetTagItem("db.query.text") is string text)
                    heard.Enqueue(text);
            },
        };
        ActivitySource.AddActivityListener(listener);
        (await guest.Send(HttpMethod.Get, path, headers: [("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01")])).Expect(HttpStatusCode.OK);
        return [.. heard];
    }
}
