using SecureShop.Build.Tests.Packages;

namespace SecureShop.Build.Tests.Workflows;

/// <summary>The workflows follow the schema that GitHub has for them.</summary>
[Trait("Practice", "P42")]
public sealed class WorkflowSchemaTests(WorkflowSchemaTests.Validator validator) : IClassFixture<WorkflowSchemaTests.Validator>
{
    public static TheoryData<string> Files => WorkflowTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_workflow_follows_the_schema(string name)
    {
        var output = await validator.RunAsync(RepositoryFiles.Read(name));
        Assert.True(output.ExitCode == 0, output.Text);
    }

    [Theory]
    [InlineData("timeout-minutes: 30", "timeout-minutes: soon")]
    [InlineData("    runs-on: ubuntu-24.04\n", "")]
    [InlineData("contents: read", "contents: everything")]
    [InlineData("      - run: bash .ci/run\n", "      - runs: bash .ci/run\n")]
    [InlineData("on:\n  push:\n", "on:\n  pushed:\n")]
    public async Task A_broken_one_does_not(string right, string wrong)
    {
        var text = RepositoryFiles.Read(".github/workflows/check.yml");
        var broken = text.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(text, broken);
        Assert.NotEqual(0, (await validator.RunAsync(broken)).ExitCode);
    }

    /// <summary>The validator from npm, at the bytes of its lock file, in a folder of its own.</summary>
    public sealed class Validator : IAsyncLifetime
    {
        private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secureshop-workflows-");
        private bool _hasNpm;

        public async ValueTask InitializeAsync()
        {
            foreach (var file in (string[])["package.json", "package-lock.json"])
                File.Copy(Path.Combine(Dotnet.Repository, "tests/Build.Tests/npm", file), Path.Combine(_folder.FullName, file));
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            _hasNpm = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, npm)));
            if (!_hasNpm)
                return;
            var output = await Dotnet.RunAsync(npm, _folder.FullName, Nothing, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]);
            Assert.True(output.ExitCode == 0, output.Text);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        internal async Task<Output> RunAsync(string workflow)
        {
            Assert.SkipUnless(_hasNpm, "npm is not here, from which the validator comes: https://nodejs.org");
            var folder = _folder.CreateSubdirectory(Path.Combine($"{Guid.NewGuid():N}", ".github", "workflows"));
            var file = Path.Combine(folder.FullName, "workflow.yml");
            await File.WriteAllTextAsync(file, workflow, TestContext.Current.CancellationToken);
            return await Dotnet.RunAsync("node", _folder.FullName, Nothing, ["node_modules/@action-validator/cli/cli.mjs", file]);
        }
    }
}
