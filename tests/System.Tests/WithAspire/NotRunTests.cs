namespace SecureShop.SystemTests;

/// <summary>Makes it seen that the tests of the whole system did not run.</summary>
public sealed class NotRunTests
{
    [Fact(Skip = "The system tests start the stand-in host. Run them with: dotnet test -p:UseAspire=false")]
    public void The_whole_system() => Assert.Fail("This is never run.");
}
