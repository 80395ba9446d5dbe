using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Options of one style, and the rule for public origins.</summary>
[Trait("Practice", "P40")]
public sealed class SettingsTests
{
    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example:8443", true)]
    [InlineData("https://localhost:7443", true)]
    [InlineData("https://[::1]:7443", true)]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://shop.example/shop", false)]
    [InlineData("https://shop.example?x", false)]
    [InlineData("https://shop.example#x", false)]
    [InlineData("https://shop.example:443", false)]
    [InlineData("https://SHOP.example", false)]
    [InlineData("https://user@shop.example", false)]
    [InlineData("http://shop.example", false)]
    [InlineData("shop.example", false)]
    [InlineData("//shop.example", false)]
    [InlineData(" https://shop.example", false)]
    [InlineData("https://", false)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_public_origin_is_https_without_a_path_and_written_as_browsers_write_it(string? text, bool valid)
    {
        Assert.Equal(valid, PublicOrigin.IsValid(text));
        Assert.Equal(valid, new ShopOptions.Validator().Validate(null, new() { Origin = text! }).Succeeded);
        Assert.Equal(valid, new IssuerOptions.Validator().Validate(null, new() { Issuer = text! }).Succeeded);
    }

    [Fact]
    public void An_address_is_made_of_the_configured_origin()
        => Assert.Equal("https://shop.example:8443/api/orders/7", new ShopOptions { Origin = "https://shop.example:8443" }.AddressOf("api/orders/7").AbsoluteUri);

    [Fact]
    public void Options_that_two_parts_ask_for_are_bound_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["List:Names:0"] = "one";
        builder.AddValidatedOptions<ListOptions, ListOptions.Validator>(ListOptions.Section);
        builder.AddValidatedOptions<ListOptions, ListOptions.Validator>(ListOptions.Section);
        using var host = builder.Build();
        Assert.Equal(["one"], host.Services.GetRequiredService<IOptions<ListOptions>>().Value.Names);
        Assert.Equal(["one"], builder.Configuration.GetValidatedOptions<ListOptions, ListOptions.Validator>(ListOptions.Section).Names);
    }

    [Fact]
    public async Task A_bad_setting_stops_the_start_and_the_reading_with_what_to_set()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddValidatedOptions<ListOptions, ListOptions.Validator>(ListOptions.Section);
        using var host = builder.Build();
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        var unread = Assert.Throws<OptionsValidationException>(() => builder.Configuration.GetValidatedOptions<ListOptions, ListOptions.Validator>(ListOptions.Section));
        Assert.All([stopped, unread], failure => Assert.Equal("Set List__Names__0 to a name.", failure.Message));
    }

    private sealed record ListOptions
    {
        public const string Section = "List";

        public IReadOnlyList<string> Names { get; init; } = [];

        internal sealed class Validator : IValidateOptions<ListOptions>
        {
            public ValidateOptionsResult Validate(string? name, ListOptions options)
                => options.Names.Count > 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail("Set List__Names__0 to a name.");
        }
    }
}
