using System.Net;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Catalog.Tests;

/// <summary>
/// Who may call what: each row of the access table, each kind of caller, each set of scopes, own and others' objects, both sides. What must
/// never be, whatever the table says, is in <see cref="NeverTests"/>.
/// </summary>
public sealed class AccessTests(CatalogHost host)
{
    private static readonly IReadOnlyList<AccessRow> Rows = AccessTable.Of("catalog");

    /// <summary>A good call of each endpoint, of a product, and what it answers.</summary>
    private static readonly Dictionary<AccessRow, (int Success, Func<Reply, Call> Make)> Calls = new()
    {
        [AccessTable.ListProducts] = (200, _ => new("/products")),
        [AccessTable.GetProduct] = (200, product => new($"/products/{product.Id}")),
        [AccessTable.CreateProduct] = (201, _ => new("/products", Sample.Product())),
        [AccessTable.ReplaceProduct] = (200, product => new($"/products/{product.Id}", Sample.Description("Another"), product.ETag)),
        [AccessTable.GetStock] = (200, product => new($"/products/{product.Id}/stock")),
        [AccessTable.SetStock] = (200, product => new($"/products/{product.Id}/stock", new { quantity = 3 }, "\"s1\"")),
        [AccessTable.DeleteProduct] = (204, product => new($"/products/{product.Id}")),
        [AccessTable.ListCategories] = (200, _ => new("/categories")),
        [AccessTable.TakeStock] = (200, product => new($"/reservations/{Guid.NewGuid()}", Sample.Lines((product.Id, 1)))),
        [AccessTable.ListSales] = (200, _ => new("/sales")),

        // An order that has taken nothing: who may ask learns so.
        [AccessTable.ConfirmStock] = (404, _ => new($"/reservations/{Guid.NewGuid()}/confirmed")),
        [AccessTable.ReleaseStock] = (204, _ => new($"/reservations/{Guid.NewGuid()}")),
    };

    public static IEnumerable<TheoryDataRow<string, string>> Callers()
        => from row in Rows where row.Rule.Kind == AccessKind.Token from who in AccessCase.Callers select new TheoryDataRow<string, string>(row.Name, who);

    [Theory]
    [MemberData(nameof(Callers))]
    [Trait("Practice", "P10")]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P16")]
    public async Task Each_endpoint_answers_each_caller_as_the_table_says(string endpoint, string who)
    {
        var row = Rows.Single(row => row.Name == endpoint);
        var (success, make) = Calls[row];
        var (subject, another) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        using Caller self = host.Seller(subject), other = host.Seller(another);
        Dictionary<bool, Reply> products = [];
        foreach (var one in AccessCase.Of(row, who))
        {
            var owner = one.Own ? self : other;
            if (!products.TryGetValue(one.Own, out var product))
                products[one.Own] = product = await owner.Add();

            var call = make(product);
            using var caller = host.As(one.Token(row, subject, TimeProvider.System.GetUtcNow()));
            var reply = await caller.Send(new HttpMethod(row.Method), call.Path, call.Body, call.IfMatch is { } tag ? [("If-Match", tag)] : []);

            var verdict = one.At(row);
            Assert.True((int)reply.Status == StatusOf(verdict, success), $"{one}: {(int)reply.Status} and not {verdict}: {reply.Text}");
            if (verdict is Verdict.Served)
            {
                if (row.Rule.Ownership is not null && reply.Text.Length > 0)
                    Assert.True(reply.Body["updatedAt"] is not null, $"{one}: the owner's fields are missing");
                products.Remove(one.Own);
                continue;
            }

            if (verdict is Verdict.ServedInPart)
                Assert.Null(reply.Body["updatedAt"]);
            else
                reply.ExpectProblem((HttpStatusCode)StatusOf(verdict, success));
            if (verdict is Verdict.Unauthorized)
                Assert.Contains(reply.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");

            // Nothing has changed.
            Assert.Equal(product.Text, (await owner.Get($"/products/{product.Id}")).Text);
            Assert.Equal("\"s1\"", (await owner.Get($"/products/{product.Id}/stock")).ETag);
        }
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task The_document_the_table_and_the_tests_have_the_same_endpoints()
    {
        using var client = TestCertificate.Client(host.Address);
        var operations = await ApiWalk.OperationsAsync(client, TestContext.Current.CancellationToken);
        Assert.Equal(
            Rows.Select(row => $"{row.Name}: {row.Method} {row.Path.Replace(":guid", "", StringComparison.Ordinal)} {row.Rule.Scope}").Order(StringComparer.Ordinal),
            operations.Select(operation => $"{operation.Id}: {operation.Method} {operation.Path} {operation.Scope}").Order(StringComparer.Ordinal));
        Assert.Empty(Rows.Where(row => row.Rule.Kind == AccessKind.Token).Except(Calls.Keys));
    }

    public static IEnumerable<TheoryDataRow<string>> Forgeries() => ForgedTokens.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task A_forged_token_is_refused_even_where_guests_are_served(string forgery)
    {
        using var caller = host.As(ForgedTokens.Create(forgery, "catalog", $"{Guid.NewGuid()}", ["catalog.read", "catalog.write"], ["seller"]));
        (await caller.Get("/products")).ExpectProblem(HttpStatusCode.Unauthorized);
        (await caller.Post("/products", Sample.Product())).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    [Trait("Practice", "P15")]
    public async Task What_has_no_route_has_no_answer_but_404()
    {
        using var admin = host.Admin();
        foreach (var path in (string[])["/", "/admin", "/products/1", "/products/../orders", "/swagger"])
            (await admin.Get(path)).ExpectProblem(HttpStatusCode.NotFound);
    }

    private static int StatusOf(Verdict verdict, int success) => verdict switch
    {
        Verdict.Served or Verdict.ServedInPart => success,
        Verdict.Unauthorized or Verdict.SignInAgain => 401,
        Verdict.Forbidden => 403,
        _ => 404,
    };

    private sealed record Call(string Path, object? Body = null, string? IfMatch = null);
}
