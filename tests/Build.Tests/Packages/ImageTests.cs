using System.Text.RegularExpressions;

namespace SecureShop.Build.Tests.Packages;

/// <summary>
/// Every image of a container is named by its exact version. By digest would be better, but only the registry that serves
/// an image can tell it.
/// </summary>
[Trait("Practice", "P42")]
public sealed partial class ImageTests
{
    [Fact]
    public void Every_image_is_named_by_an_exact_version()
    {
        var found = RepositoryFiles.Named("*.cs").Where(name => !name.StartsWith("tests/Build.Tests/", StringComparison.Ordinal))
            .SelectMany(name => Problems(RepositoryFiles.Read(name)).Select(problem => (name, problem))).ToList();
        Assert.Equal(3, found.Count);
        Assert.All(found, image => Assert.True(image.problem is null, $"{image.name}: {image.problem}"));
    }

    [Theory]
    [InlineData("""builder.AddRedis("redis").WithImageTag("8.6.7");""", true)]
    [InlineData("""builder.AddRedis("redis").WithImageTag("8.6");""", false)]
    [InlineData("""builder.AddRedis("redis").WithDataVolume();""", false)]
    [InlineData("""builder.AddPostgres("db").WithImageTag("18.6");""", true)]
    [InlineData("""builder.AddPostgres("db").WithImageTag("18");""", false)]
    [InlineData("""builder.AddPostgres("db").WithImageTag("latest");""", false)]
    [InlineData("""new PostgreSqlBuilder("postgres:18.6-alpine");""", true)]
    [InlineData("""new PostgreSqlBuilder("postgres:18-alpine");""", false)]
    [InlineData("""new PostgreSqlBuilder("postgres");""", false)]
    [InlineData("""new PostgreSqlBuilder();""", false)]
    public void A_tag_that_moves_is_noticed(string code, bool exact) => Assert.Equal(exact, Assert.Single(Problems(code)) is null);

    /// <summary>For each image what is wrong with it, or nothing.</summary>
    private static IEnumerable<string?> Problems(string code)
        => Image.Matches(code).Select(image => Exact.IsMatch(image.Value) ? null : $"{image.Value.Trim()} is not at an exact version");

    // The statement in which a container is made.
    [GeneratedRegex(@"(\.AddPostgres\(|\.AddRedis\(|\.AddContainer\(|\.AddDockerfile\(|new \w*(?<!NpgsqlConnectionString)(PostgreSql|Redis|Container)Builder\()[^;]*;", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Image { get; }

    // Postgres counts in two numbers since version 10, everybody else in three.
    [GeneratedRegex(@"AddPostgres\(.*WithImageTag\(""\d\d\.\d+""\)|""postgres:\d\d\.\d+(-[a-z0-9.]+)?""|WithImageTag\(""\d+\.\d+\.\d+""\)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Exact { get; }
}
