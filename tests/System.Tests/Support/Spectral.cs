using SecureShop.Testing;

namespace SecureShop.SystemTests.Support;

/// <summary>Spectral, with the rules beside it.</summary>
public sealed class Spectral() : NpmFolder("spectral")
{
    /// <summary>Holds a document to the rules.</summary>
    public async Task<Output> LintAsync(string document)
    {
        Assert.SkipUnless(HasNpm, NoNpm);
        var file = await WriteAsync(document, ".json");
        return await NodeAsync(["node_modules/@stoplight/spectral-cli/dist/index.js", "lint", file, "--ruleset", "ruleset.yaml", "--display-only-failures"]);
    }
}
