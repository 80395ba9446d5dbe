using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests;

public sealed class DataFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_at_a_time()
    {
        using (DataFolder.Open(_folder.Root))
        {
            var refused = Assert.Throws<SetupException>(() => DataFolder.Open(_folder.Root));
            Assert.StartsWith("Another AppHost uses the data folder", refused.Message, StringComparison.Ordinal);
        }

        using var again = DataFolder.Open(_folder.Root);
        Assert.Equal(_folder.Root, again.Root);
    }

    [Fact]
    public void A_place_where_no_folder_can_be_is_named()
    {
        File.WriteAllText(_folder.For("file"), "");

        var refused = Assert.Throws<SetupException>(() => DataFolder.Open(_folder.For("file/data")));

        Assert.Contains("--data-dir", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clearing_it_spares_what_is_not_ours()
    {
        using var data = DataFolder.Open(_folder.Root);
        Directory.CreateDirectory(data.For("postgres/base"));
        File.WriteAllText(data.SecretsFile, "{}");
        File.WriteAllText(data.For("thesis.txt"), "");

        data.Clear();

        Assert.Equal(["lock", "thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
