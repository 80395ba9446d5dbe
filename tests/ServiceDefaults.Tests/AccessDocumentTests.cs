using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>docs/access.md is what the access table says, and the table what it must be to be read so.</summary>
[Trait("Practice", "P15")]
public sealed class AccessDocumentTests
{
    private const string Again = "REWRITE_DOCS=true dotnet run --project tests/ServiceDefaults.Tests -- -class SecureShop.ServiceDefaults.Tests.AccessDocumentTests";

    [Fact]
    public void The_page_is_what_the_table_says()
    {
        var written = Written();
        if (Environment.GetEnvironmentVariable("REWRITE_DOCS") == "true")
            File.WriteAllText(Page(), written);
        else
            Assert.True(written == File.ReadAllText(Page()), $"docs/access.md is not what the table says. Write it anew: {Again}");
    }

    [Fact]
    public void Each_row_is_one_endpoint_and_asks_for_a_scope_of_its_own_api()
    {
        Assert.Equal(AccessTable.All.Count, AccessTable.All.Select(row => row.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(AccessTable.All.Count, AccessTable.All.Select(row => $"{row.Service} {row.Method} {row.Path}").Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(AccessTable.All.Count, ShopScopes.Apis.Sum(api => AccessTable.Of(api).Count));
        Assert.All(AccessTable.All.Where(row => row.Rule.Kind == AccessKind.Token), row =>
        {
            Assert.Equal(row.Service, ShopScopes.Find(row.Rule.Scope!)?.Api);

            // A role that may not be granted the scope would be a promise that nobody can keep; a scope that roles may be granted is for people.
            Assert.Subset(ShopScopes.Find(row.Rule.Scope!)!.Roles.ToHashSet(StringComparer.Ordinal), row.Rule.Roles.ToHashSet(StringComparer.Ordinal));
            Assert.Equal(row.IsPublic, ShopScopes.Find(row.Rule.Scope!)!.Roles.Count > 0);
        });
    }

    [Fact]
    public void What_has_no_ownership_does_not_say_so()
        => Assert.Throws<InvalidOperationException>(() => AccessTable.All.First(row => row.Rule.Ownership is null).Ownership);

    private static string Written()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Who may call what

            Made from [AccessTable.cs](../ServiceDefaults/Access/AccessTable.cs), which the services, the gateway and their OpenAPI documents take their
            rules from, by

                {Again}

            **own**: what is theirs. **all**: anybody's too. **part**: what is public of it, and all of what is theirs. Nobody is served without the
            scope; a guest is somebody without any credential, a service one with a token that is no person's. Behind the gateway a path begins with
            `/api/` and the service; what is *inside* has no route there.

            """);
        foreach (var service in ShopScopes.Apis)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(service[0])}{service[1..]}\n\n");
            text.Append("| endpoint | name | scope | guest | customer | seller | support | admin | service | also | limits |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
            foreach (var row in AccessTable.Of(service))
            {
                var cells = new[] { Guest(row) }.Concat(Role.All.Select(role => Cell(row, role))).Append(Service(row));
                text.Append(CultureInfo.InvariantCulture, $"| `{row.Method} {row.Path.Replace(":guid", "", StringComparison.Ordinal)}` | {row.Name} | {(row.Rule.Scope is { } scope ? $"`{scope}`" : "")} | {string.Join(" | ", cells)} | {Also(row)} | {(row.IsPublic ? row.Limit.ToString().ToLowerInvariant() : "inside")} |\n");
            }
        }

        return text.ToString();
    }

    private static string Guest(AccessRow row) => row.Rule switch
    {
        { Kind: AccessKind.Anyone } => "yes",
        { Guests: true, Ownership: null } => "yes",
        { Guests: true } => "part",
        _ => "",
    };

    private static string Cell(AccessRow row, string role)
    {
        var rule = row.Rule;
        if (rule.Kind == AccessKind.Anyone)
            return "yes";
        if (!rule.Roles.IsEmpty && !rule.Roles.Contains(role))
            return "";
        if (!ShopScopes.Find(rule.Scope!)!.Roles.Contains(role, StringComparer.Ordinal))
            return "";
        return rule.Ownership switch
        {
            null => "yes",
            { PublicPart: true } part => part.Others.Contains(role) ? "all" : "part",
            var ownership when !ownership.Others.Contains(role) => "own",
            { OthersScope: { } scope } => $"own; all with `{scope}`",
            _ => "all",
        };
    }

    private static string Service(AccessRow row) => row.Rule switch
    {
        { Kind: AccessKind.Anyone } => "yes",
        { Roles.IsEmpty: false } or { Ownership: not null and not { PublicPart: true } } => "",
        { Ownership: not null } => "part",
        _ => "yes",
    };

    private static string Also(AccessRow row) => string.Join("; ", new[]
    {
        row.Rule.Ownership is { } ownership ? $"own is {ownership.Owner switch { Owner.Customer => "the customer's", Owner.Seller => "the seller's", _ => "the lines' seller's" }}" : null,
        row.Rule.StepUp is { } stepUp ? $"signed in within {stepUp.MaxAge.TotalMinutes:0.##} minutes as `{stepUp.Acr}`" : null,
        row.Rule.Reason,
    }.OfType<string>());

    private static string Page([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "access.md");
}
