using SecureShop.Build.Tests.Packages;

namespace SecureShop.Build.Tests.Workflows;

/// <summary>The workflows take nothing that can move under them, may do no more than they must, and hold no secret.</summary>
[Trait("Practice", "P42")]
public sealed class WorkflowTests
{
    private const string Check = ".github/workflows/check.yml";
    private const string Deploy = ".github/workflows/deploy.yml";
    private const string Checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

    public static TheoryData<string> Files => [.. RepositoryFiles.Named("*.yml", "*.yaml").Where(name => name.StartsWith(".github/workflows/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_workflow_is_safe(string name) => Assert.Empty(Workflow.Problems(RepositoryFiles.Read(name)));

    [Fact]
    public void Both_are_there_and_each_runs_what_people_run()
    {
        Assert.Equal([Check, Deploy], Files.Select(row => row.Data));
        Assert.Contains("run: bash .ci/run", RepositoryFiles.Read(Check), StringComparison.Ordinal);
        Assert.Contains("needs: check", RepositoryFiles.Read(Deploy), StringComparison.Ordinal);
        Assert.Contains("run: azd up --no-prompt", RepositoryFiles.Read(Deploy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Check, Checkout, "actions/checkout@v7", "actions/checkout@v7 is not pinned by a commit")]
    [InlineData(Check, Checkout, "actions/checkout@3d3c42e # v7.0.1", "actions/checkout@3d3c42e is not pinned by a commit")]
    [InlineData(Check, Checkout, "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 does not say its version")]
    [InlineData(Check, "  pull_request:\n", "  pull_request_target:\n", "it starts on pull_request_target")]
    [InlineData(Check, "  push:\n  pull_request:\n  workflow_call:\n", "  workflow_run:\n    workflows: [check]\n", "it starts on workflow_run")]
    [InlineData(Check, "permissions:\n  contents: read\n", "", "it has no permissions of its own")]
    [InlineData(Check, "contents: read", "contents: write", "it has the right contents: write")]
    [InlineData(Check, "permissions:\n  contents: read\n", "permissions: write-all\n", "it has the right write-all")]
    [InlineData(Check, "run: bash .ci/run", "run: bash .ci/run ${{ github.head_ref }}", "an expression stands inside a script: bash .ci/run ${{ github.head_ref }}")]
    [InlineData(Check, "persist-credentials: false", "fetch-depth: 1", "a checkout leaves its token on the disk")]
    [InlineData(Check, "    timeout-minutes: 30\n", "", "the job check has no time-out")]
    [InlineData(Deploy, "${{ vars.AZURE_CLIENT_ID }}", "${{ secrets.AZURE_CLIENT_ID }}", "it refers to a stored secret")]
    [InlineData(Deploy, "${{ vars.AZURE_CLIENT_ID }}", "${{ secrets['AZURE_CLIENT_ID'] }}", "it refers to a stored secret")]
    [InlineData(Deploy, "    uses: ./.github/workflows/check.yml\n", "    uses: ./.github/workflows/check.yml\n    secrets: inherit\n", "it refers to a stored secret")]
    [InlineData(Deploy, "    environment: ${{ inputs.environment }}\n", "", "the job deploy may sign in without anybody's approval")]
    [InlineData(Deploy, "permissions: {}\n", "", "it has no permissions of its own")]
    public void A_broken_one_is_noticed(string name, string right, string wrong, string problem)
    {
        var text = RepositoryFiles.Read(name);
        var broken = text.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(text, broken);
        Assert.Contains(problem, Workflow.Problems(broken));
    }
}
