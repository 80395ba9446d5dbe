using Microsoft.Extensions.Configuration;
using SecureShop.Database.Auditing;
using SecureShop.Testing;

namespace SecureShop.Database.Tests.Auditing;

/// <summary>A database with a trail in each schema, to be copied, and the checkpoints that go with it.</summary>
public sealed class TrailFixture(ReadyDatabase ready) : IAsyncLifetime
{
    /// <summary>How many rows each schema has.</summary>
    public const int Rows = 40;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("secureshop-audit-");

    /// <summary>Each service's own.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; } =
        Schemas.All.ToDictionary(schema => schema.Name, _ => TestKeys.NewPrivate(), StringComparer.Ordinal);

    public string Checkpoints => folder.FullName;

    private string Template { get; set; } = "";

    public async ValueTask InitializeAsync()
    {
        Template = Setup.Unpooled(await ready.Server.CreateDatabaseAsync());
        await Setup.RunAsync(Template);
        foreach (var schema in Schemas.All)
        {
            // In two runs, of which the last checkpoints are kept: one in the middle and one at the end.
            var file = Path.Combine(Checkpoints, $"{schema.Name}.checkpoints");
            await Replica.WriteAsync(Template, schema.Name, Keys[schema.Name], Rows / 2, Checkpoints);
            var middle = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))[^1];
            await Replica.WriteAsync(Template, schema.Name, Keys[schema.Name], Rows / 2, Checkpoints);
            await File.WriteAllLinesAsync(file, [middle, (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))[^1]], TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A database of one's own.</summary>
    public async Task<string> CopyAsync() => Setup.Unpooled(await ready.Server.CreateDatabaseAsync(Template));

    /// <summary>Verifies: the exit code, and what was said.</summary>
    public Task<(int Code, string Said)> VerifyAsync(string admin, params string[] args) => VerifyAsync(admin, Keys, ["--checkpoints", Checkpoints, .. args]);

    /// <summary>Verifies with the public parts of <paramref name="keys"/>, as the program is started.</summary>
    public static async Task<(int Code, string Said)> VerifyAsync(string admin, IReadOnlyDictionary<string, string> keys, params string[] args)
    {
        await using var output = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("ConnectionStrings:shop", admin),
            .. keys.Select(key => KeyValuePair.Create<string, string?>($"Audit:Keys:{key.Key}", string.Join(' ', key.Value.Split(' ').Select(TestKeys.PublicPartOf)))),
        ]).Build();
        var code = await VerifyAudit.RunAsync(args, configuration, TimeProvider.System, output, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
