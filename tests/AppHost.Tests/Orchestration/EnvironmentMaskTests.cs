using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class EnvironmentMaskTests
{
    private const string Secret = "s3cr3t/+=";
    private static readonly EnvironmentMask Mask = new(new SecretValues([Secret, "", null, "short"]));

    [Theory]
    [Trait("Practice", "P40")]
    [InlineData("PLAIN", "text", "text")]
    [InlineData("ASPNETCORE_URLS", "https://localhost:1;http://localhost:2", "https://localhost:1;http://localhost:2")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=catalog-1", "service.instance.id=catalog-1")]
    // Known from the model, whatever it is called and wherever it stands.
    [InlineData("HARMLESS", Secret, null)]
    [InlineData("HARMLESS", "before " + Secret + " after", null)]
    [InlineData("SHOP_URI", "postgresql://postgres:s3cr3t%2F%2B%3D@localhost:1/shop", null)]
    [InlineData("ConnectionStrings__shop", "Host=" + Secret + ";Password=x", null)]
    // A connection string is shown without its password.
    [InlineData("ConnectionStrings__shop", "Host=localhost;Port=1;Password=" + Secret + ";SSL Mode=VerifyFull", "Host=localhost;Port=1;Password=••••••;SSL Mode=VerifyFull")]
    [InlineData("ConnectionStrings__redis", "localhost:1,password=short,ssl=true", "localhost:1,password=••••••,ssl=true")]
    [InlineData("ConnectionStrings__shop", "Host=localhost;pwd = unknown", "Host=localhost;pwd =••••••")]
    [InlineData("ConnectionStrings__blob", "AccountName=a;AccountKey=unknown==", "AccountName=a;AccountKey=••••••")]
    // Unless a part of the password might be left.
    [InlineData("ConnectionStrings__shop", "Host=localhost;Password=\"un;known\"", null)]
    [InlineData("ConnectionStrings__redis", "localhost:1,password=un;known", null)]
    [InlineData("ConnectionStrings__shop", "Host=localhost;Password=un;known", null)]
    [InlineData("ConnectionStrings__shop", "postgresql://postgres:unknown@localhost/shop", null)]
    // The second net: names, and what looks like a login.
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=unknown", null)]
    [InlineData("SHOP_PASSWORD", "unknown", null)]
    [InlineData("Clients__DemoSecret", "unknown", null)]
    [InlineData("Identity__MasterKey", "unknown", null)]
    [InlineData("GITHUB_TOKEN", "unknown", null)]
    [InlineData("UPSTREAM", "https://user:unknown@proxy.example", null)]
    [InlineData("LOGIN", "Server=a;Password=unknown", null)]
    [InlineData("PEM", "-----BEGIN " + "PRIVATE KEY-----", null)]
    public void Secrets_are_not_shown_and_the_rest_is(string name, string value, string? shown) =>
        Assert.Equal(shown, Assert.Single(Mask.Of(new Dictionary<string, string?> { [name] = value })).Value);

    [Fact]
    public void Variables_are_sorted_and_those_that_were_taken_away_are_left_out() => Assert.Equal(
        ["a", "B", "c"],
        Mask.Of(new Dictionary<string, string?> { ["c"] = "1", ["a"] = "2", ["gone"] = null, ["B"] = "3" }).Select(variable => variable.Name));

    [Fact]
    public void A_text_loses_what_is_secret_and_nothing_else() => Assert.Equal(
        "28P01: no login with ••••••, twice: ••••••.", new SecretValues([Secret]).Hide("28P01: no login with " + Secret + ", twice: " + Secret + "."));
}
