using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

[Trait("Practice", "P40")]
public sealed class KeptValuesTests
{
    [Fact]
    public async Task A_generated_parameter_stays_the_same_between_runs_and_is_for_its_owner_alone()
    {
        using var model = new Model();

        var first = await Password(model.Folder);
        var second = await Password(model.Folder);

        Assert.Equal(22, first?.Length);
        Assert.Equal(first, second);
        var file = Path.Combine(model.Folder, "secrets.json");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Single(Directory.GetFiles(model.Folder));
    }

    [Fact]
    public async Task A_configured_value_wins_and_is_not_kept()
    {
        using var model = new Model("--Parameters:password", "given");
        var parameter = model.Builder.AddParameter("password", new GenerateParameterDefault(), secret: true, persist: true);

        Assert.Equal("given", await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(model.Folder));
    }

    [Fact]
    public async Task A_parameter_without_a_value_says_how_to_give_one()
    {
        using var model = new Model();
        var parameter = model.Builder.AddParameter("api-key", secret: true);

        var problem = await Assert.ThrowsAsync<HostingException>(async () => await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("The parameter 'api-key' has no value: give it with --Parameters:api-key or in the variable Parameters__api-key.", problem.Message);
    }

    [Fact]
    public void A_damaged_file_is_told_with_the_mend_and_left_alone()
    {
        using var model = new Model();
        var path = Path.Combine(model.Folder, "secrets.json");
        File.WriteAllText(path, "{ damaged");

        var problem = Assert.Throws<HostingException>(() => new KeptValues(path).GetOrAdd("a", () => "b"));
        Assert.Contains("mend the file, or start over with --fresh", problem.Message, StringComparison.Ordinal);
        Assert.Equal("{ damaged", File.ReadAllText(path));
    }

    [Fact]
    public void Generated_values_use_the_wanted_characters_only()
    {
        var value = new GenerateParameterDefault { MinLength = 500, Special = false }.GetDefaultValue();

        Assert.Equal(500, value.Length);
        Assert.All(value, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
        Assert.DoesNotContain(value, character => "iloILO".Contains(character, StringComparison.Ordinal));
    }

    private static async Task<string?> Password(string folder)
    {
        var builder = new DistributedApplicationBuilder(new(), CommandLine.Parse(["--data-dir", folder]), folder);
        var parameter = builder.AddParameter("password", new GenerateParameterDefault(), secret: true, persist: true);
        return await parameter.Resource.GetValueAsync(TestContext.Current.CancellationToken);
    }
}
