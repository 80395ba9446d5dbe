using System.Text.Json;

namespace SecureShop.Build.Tests;

/// <summary>Real packages where they restore, stand-ins where they do not, and the user's word above both.</summary>
public sealed class PackageChoiceTests
{
    private const string NoAspire = "Aspire's stand-in (its packages do not restore here)";
    private const string NoDuende = "IdentityServer's stand-in (its packages do not restore here)";

    [Fact]
    public async Task Without_the_packages_the_stand_ins_are_taken()
    {
        using var workshop = new Workshop();

        var restore = await workshop.RunAsync("restore", "Sample");

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains($"{NoAspire} and {NoDuende}", restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("error", restore.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Packages.proj", restore.Text, StringComparison.Ordinal);
        Assert.Equal("false false false false", await ChoicesAsync(workshop));
    }

    [Theory]
    [InlineData("restore", "Sample")]
    [InlineData("restore", "Sample.sln")]
    [InlineData("build", "Sample.sln")]
    public async Task With_the_packages_the_same_restore_takes_them(string command, string what)
    {
        using var workshop = new Workshop();
        workshop.Publish(_ => true);

        var output = await workshop.RunAsync(command, what);

        Assert.True(output.ExitCode == 0, output.Text);
        Assert.Contains("Aspire 13.2.4 (its packages restore here) and Duende IdentityServer 7.4.8 (its packages restore here)", output.Text, StringComparison.Ordinal);
        Assert.Contains("Duende.IdentityServer/7.4.8", workshop.Assets, StringComparison.Ordinal);
        Assert.Contains("Aspire.Hosting.Redis/13.2.4", workshop.Assets, StringComparison.Ordinal);
        Assert.Equal("true true true true", await ChoicesAsync(workshop));
    }

    [Fact]
    public async Task Each_is_chosen_for_itself_and_only_when_whole()
    {
        using var workshop = new Workshop();
        workshop.Publish(id => id is not ("Aspire.Hosting.Azure.Redis" or "System.IO.Hashing"));

        var restore = await workshop.RunAsync("restore", "Sample.sln");

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains($"{NoAspire} and Duende IdentityServer 7.4.8", restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Aspire.Hosting.Redis", workshop.Assets, StringComparison.Ordinal);
        Assert.Contains("Duende.IdentityServer/7.4.8", workshop.Assets, StringComparison.Ordinal);
        Assert.Equal("false true false true", await ChoicesAsync(workshop));
    }

    [Fact]
    public async Task A_property_or_a_variable_decides_against_what_restores()
    {
        using var workshop = new Workshop();
        workshop.Publish(_ => true);
        workshop.Set("UseDuende", "false");

        var restore = await workshop.RunAsync("restore", "Sample", "-p:UseAspire=false");

        Assert.Equal(0, restore.ExitCode);
        Assert.Contains("Aspire's stand-in (UseAspire=false is set) and IdentityServer's stand-in (UseDuende=false is set)", restore.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(workshop.Packages, "duende.identityserver")));
        Assert.False(Directory.Exists(Path.Combine(workshop.Packages, "aspire.hosting.redis")));
    }

    [Fact]
    public async Task What_is_asked_for_and_does_not_restore_fails_naming_the_package()
    {
        using var workshop = new Workshop();

        var restore = await workshop.RunAsync("restore", "Sample", "-p:UseDuende=true");

        Assert.NotEqual(0, restore.ExitCode);
        Assert.Contains("Unable to find package Duende.IdentityServer", restore.Text, StringComparison.Ordinal);
        Assert.Contains("(UseDuende=true is set)", restore.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_miss_is_remembered_until_a_restore_is_forced()
    {
        using var workshop = new Workshop();
        await workshop.RunAsync("restore", "Sample");
        workshop.Publish(_ => true);

        var remembered = await workshop.RunAsync("restore", "Sample");
        Assert.Contains(NoAspire, remembered.Text, StringComparison.Ordinal);

        var forced = await workshop.RunAsync("restore", "Sample", "--force");
        Assert.Contains("Aspire 13.2.4 (its packages restore here)", forced.Text, StringComparison.Ordinal);
        Assert.Contains("Aspire.Hosting.Redis/13.2.4", workshop.Assets, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_that_does_not_answer_is_not_an_error()
    {
        // Port 9 of this machine: refused at once.
        using var workshop = new Workshop("https://127.0.0.1:9/v3/index.json");

        var restore = await workshop.RunAsync("restore", "Sample.sln");

        Assert.True(restore.ExitCode == 0, restore.Text);
        Assert.Contains(NoAspire, restore.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NU1301", restore.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_half_unpacked_does_not_count()
    {
        using var workshop = new Workshop();
        workshop.Publish(_ => true);
        await workshop.RunAsync("restore", "Sample");
        File.Delete(Path.Combine(workshop.Packages, "duende.identityserver", "7.4.8", ".nupkg.metadata"));

        Assert.Equal("true false true true", await ChoicesAsync(workshop));
    }

    /// <summary>What the build phase goes by: UseAspire, UseDuende, UseYarpPackage, UseTestcontainers.</summary>
    private static async Task<string> ChoicesAsync(Workshop workshop)
    {
        string[] names = ["UseAspire", "UseDuende", "UseYarpPackage", "UseTestcontainers"];
        var output = await workshop.RunAsync(["msbuild", "Sample", .. names.Select(name => $"-getProperty:{name}")]);
        var properties = JsonDocument.Parse(output.Text).RootElement.GetProperty("Properties");
        return string.Join(' ', names.Select(name => properties.GetProperty(name).GetString()));
    }
}
