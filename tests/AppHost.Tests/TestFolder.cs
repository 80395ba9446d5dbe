using System.Runtime.Versioning;

// File modes, scripts and signals.
[assembly: UnsupportedOSPlatform("windows")]

namespace SecureShop.AppHost.Tests;

/// <summary>A folder of a test's own, which servers that run as somebody else may pass through.</summary>
internal sealed class TestFolder : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public TestFolder()
    {
        File.SetUnixFileMode(Root, Passable);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("secureshop-apphost-").FullName;

    public string For(string name) => Path.Combine(Root, name);

    /// <summary>A program that runs a line of shell.</summary>
    public void Script(string name, string line)
    {
        File.WriteAllText(For(name), $"#!/bin/sh\nPATH=/usr/bin:/bin\n{line}\n");
        File.SetUnixFileMode(For(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
