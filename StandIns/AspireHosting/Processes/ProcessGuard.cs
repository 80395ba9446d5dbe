namespace SecureShop.StandIns.AspireHosting.Processes;

/// <summary>Ends the children of this process when it dies without a chance to do so itself (SIGKILL, power to the wrong plug).</summary>
public sealed class ProcessGuard : IDisposable
{
    /// <summary>Starts a guardian; one for the whole process is enough.</summary>
    public static ProcessGuard Start() => throw new NotSupportedException();

    /// <summary>Lets the guardian go; it ends what is still running.</summary>
    public void Dispose()
    {
    }
}
