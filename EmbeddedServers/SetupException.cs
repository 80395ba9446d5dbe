namespace SecureShop.EmbeddedServers;

/// <summary>
/// Something on this machine keeps the system from running. The message is one or two sentences for the user: what is
/// wrong and how to mend it; it is printed without a stack.
/// </summary>
public sealed class SetupException : Exception
{
    /// <summary>With the sentence for the user.</summary>
    public SetupException(string message)
        : base(message)
    {
    }

    /// <summary>With the sentence for the user and what lies beneath.</summary>
    public SetupException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
