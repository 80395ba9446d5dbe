namespace SecureShop.Database;

/// <summary>A reason to stop that the operator can mend; the message is one sentence that says how.</summary>
internal sealed class JobException(string message, Exception? inner = null) : Exception(message, inner);
