namespace SecureShop.Build.Tests;

/// <summary>Duende's packages where they restore, OpenIddict where they do not, and the user's word above both.</summary>
public sealed class TokenEngineTests
{
    private const string Duende = "Tokens: Duende IdentityServer 7.4.8 (its packages restore here)";
    private const string OpenIddict = "Tokens: OpenIddict (Duende's packages do not restore here)";

    [Fact]
    public async Task Without_the_packages_OpenIddict_is_taken_and_the_build_says_so()
    {
        using var workshop = new Workshop();

        var restore = await workshop.RunAsync("restore", "Sample");

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains(OpenIddict, restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("error", restore.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("OpenIddict", await workshop.ChoiceAsync());
    }

    [Theory]
    [InlineData("restore", "Sample")]
    [InlineData("restore", "Sample.sln")]
    [InlineData("build", "Sample.sln")]
    public async Task With_the_package_the_same_restore_takes_them(string command, string what)
    {
        using var workshop = new Workshop();
        workshop.Publish(Workshop.Duende);

        var output = await workshop.RunAsync(command, what);

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.Contains(Duende, output.Text, StringComparison.Ordinal);
        Assert.Contains("Duende.IdentityServer/7.4.8", workshop.Assets, StringComparison.Ordinal);
        Assert.Equal("Duende", await workshop.ChoiceAsync());
    }

    [Fact]
    public async Task Another_version_of_it_is_not_enough()
    {
        using var workshop = new Workshop();
        workshop.Publish(Workshop.Duende, "7.4.9");

        var restore = await workshop.RunAsync("restore", "Sample");

        Assert.Contains(OpenIddict, restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Duende.IdentityServer", workshop.Assets, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_property_or_a_variable_decides_against_what_restores(bool property)
    {
        using var workshop = new Workshop();
        workshop.Publish(Workshop.Duende);
        if (!property)
            workshop.Set("TokenEngine", "OpenIddict");

        var restore = await workshop.RunAsync(["restore", "Sample", .. property ? ["-p:TokenEngine=OpenIddict"] : Array.Empty<string>()]);

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains("OpenIddict (TokenEngine=OpenIddict is set)", restore.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workshop.Packages));
    }

    [Theory]
    [InlineData("Duende", "Unable to find package Duende.IdentityServer")]
    [InlineData("Other", "TokenEngine is Other: set it to Duende or to OpenIddict")]
    public async Task What_is_asked_for_and_cannot_be_fails_naming_it(string value, string problem)
    {
        using var workshop = new Workshop();

        var restore = await workshop.RunAsync("restore", "Sample", $"-p:TokenEngine={value}");

        Assert.NotEqual(0, restore.ExitCode);
        Assert.Contains(problem, restore.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_miss_is_remembered_for_a_quarter_of_an_hour_or_until_a_restore_is_forced()
    {
        using var workshop = new Workshop();
        await workshop.RunAsync("restore", "Sample");
        workshop.Publish(Workshop.Duende);

        Assert.Contains(OpenIddict, (await workshop.RunAsync("restore", "Sample")).Text, StringComparison.Ordinal);
        Assert.Contains(Duende, (await workshop.RunAsync("restore", "Sample", "--force")).Text, StringComparison.Ordinal);

        workshop.Answer("Duende 7.4.8 does not restore", TimeSpan.FromMinutes(14));
        Assert.Contains(OpenIddict, (await workshop.RunAsync("restore", "Sample")).Text, StringComparison.Ordinal);
        workshop.Answer("Duende 7.4.8 does not restore", TimeSpan.FromMinutes(16));
        Assert.Contains(Duende, (await workshop.RunAsync("restore", "Sample")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Duende 7.4.8 restores", 16)]
    [InlineData("Duende 7.4.8 restores", -60)]
    [InlineData("Duende 7.0.0 restores", 1)]
    public async Task A_yes_of_another_time_or_version_is_not_believed_once_the_feed_has_changed(string answer, int minutes)
    {
        using var workshop = new Workshop();
        workshop.Answer(answer, TimeSpan.FromMinutes(minutes));

        var restore = await workshop.RunAsync("restore", "Sample");

        Assert.True(restore.ExitCode == 0, restore.Text);
        Assert.Contains(OpenIddict, restore.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_restores_at_once_come_to_the_same_answer()
    {
        using var workshop = new Workshop();
        workshop.Publish(Workshop.Duende);

        var outputs = await Task.WhenAll(workshop.RunAsync("restore", "Sample"), workshop.RunAsync("restore", "Sample.sln"));

        Assert.All(outputs, output => Assert.Contains(Duende, output.Text, StringComparison.Ordinal));
        Assert.Equal("Duende", await workshop.ChoiceAsync());
    }

    [Fact]
    public async Task A_feed_that_does_not_answer_is_not_an_error()
    {
        // Port 9 of this machine: refused at once.
        using var workshop = new Workshop("https://127.0.0.1:9/v3/index.json");

        var restore = await workshop.RunAsync("restore", "Sample.sln");

        Assert.True(restore.ExitCode == 0, restore.Text);
        Assert.Contains(OpenIddict, restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NU1301", restore.Text, StringComparison.Ordinal);
    }
}
