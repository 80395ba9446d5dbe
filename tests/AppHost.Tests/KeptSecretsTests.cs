using System.Security.Cryptography;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests;

[Trait("Practice", "P40")]
public sealed class KeptSecretsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly DataFolder _data;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public KeptSecretsTests() => _data = DataFolder.Open(_folder.Root);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_made_up_once_stays_and_only_its_owner_reads_it()
    {
        var first = await ValueAsync("some-password");

        Assert.Equal(32, first!.Length);
        Assert.True(first.All(char.IsAsciiLetterOrDigit));
        Assert.Equal(first, await ValueAsync("some-password"));
        Assert.NotEqual(first, await ValueAsync("other-password"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.SecretsFile));
    }

    [Fact]
    public async Task What_is_set_is_used_and_not_kept()
    {
        Assert.Equal("chosen", await ValueAsync("some-password", "--Parameters:some-password=chosen"));
        Assert.False(File.Exists(_data.SecretsFile));
    }

    [Theory]
    [InlineData("x;SSL Mode=Disable")]
    [InlineData("")]
    public void A_password_that_would_be_a_setting_is_refused(string password) => Assert.Contains(
        "letters and digits",
        Assert.Throws<SetupException>(() => KeptSecrets.Open(_data).AddPassword(DistributedApplication.CreateBuilder([$"--Parameters:some-password={password}"]), "some-password")).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_key_pair_gives_its_halves_apart()
    {
        var builder = DistributedApplication.CreateBuilder();
        var pair = KeptSecrets.Open(_data).AddKeyPair(builder, "some-key");
        var data = RandomNumberGenerator.GetBytes(16);
        using var own = ECDsa.Create();
        own.ImportPkcs8PrivateKey(Convert.FromBase64String((await pair.PrivatePart.Resource.GetValueAsync(Cancellation))!), out _);
        using var others = ECDsa.Create();
        others.ImportSubjectPublicKeyInfo(Convert.FromBase64String((await pair.PublicPart.GetValueAsync(Cancellation))!), out _);

        Assert.True(others.VerifyData(data, own.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256));
        Assert.Throws<CryptographicException>(() => others.ExportPkcs8PrivateKey());
    }

    [Theory]
    [InlineData("{\"some-password\":")]
    [InlineData("null")]
    [InlineData("")]
    public void A_damaged_file_is_told(string text)
    {
        PrivateFiles.Write(_data.SecretsFile, text);

        Assert.Contains("--fresh", Assert.Throws<SetupException>(() => KeptSecrets.Open(_data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_may_read_is_not_used()
    {
        PrivateFiles.Write(_data.SecretsFile, "{}");
        File.SetUnixFileMode(_data.SecretsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Contains("chmod 600", Assert.Throws<SetupException>(() => KeptSecrets.Open(_data)).Message, StringComparison.Ordinal);
    }

    private async Task<string?> ValueAsync(string name, params string[] args) =>
        await KeptSecrets.Open(_data).AddSecret(DistributedApplication.CreateBuilder(args), name).Resource.GetValueAsync(Cancellation);
}
