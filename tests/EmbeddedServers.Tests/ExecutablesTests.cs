
namespace SecureShop.EmbeddedServers.Tests;

public sealed class ExecutablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secureshop-programs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_program_is_found_and_what_cannot_run_is_not()
    {
        var program = Path.Combine(_folder, "program");
        File.WriteAllText(program, "#!/bin/sh\n");
        Assert.Null(Executables.Find("program", _folder));
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(program, Executables.Find("program", _folder));
        Assert.Equal(program, Executables.Find(program));
    }

    [Fact]
    public void A_link_to_a_program_that_is_gone_is_none()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "postgres"), Path.Combine(_folder, "gone"));
        Assert.Null(Executables.Find(Path.Combine(_folder, "postgres")));
    }
}
