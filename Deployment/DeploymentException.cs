namespace SecureShop.Deployment;

/// <summary>What went wrong, in one sentence that says what to do next. Never holds a secret.</summary>
internal class DeploymentException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : DeploymentException(message);
