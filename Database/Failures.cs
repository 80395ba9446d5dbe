using Npgsql;

namespace SecureShop.Database;

/// <summary>Says in one sentence what stopped the job and what to do. Never shows a statement or a value of one.</summary>
internal static class Failures
{
    public static string Describe(Exception exception) => Cause(exception) switch
    {
        JobException job => job.Message,
        PlatformNotSupportedException platform => platform.Message,
        PostgresException postgres => postgres.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "Postgres refuses the administrator: check user and password in ConnectionStrings:shop.",
            PostgresErrorCodes.InvalidCatalogName =>
                "The database named in ConnectionStrings:shop does not exist: create it, owned by that connection's role.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"The role of ConnectionStrings:shop may not do this ({postgres.MessageText}): it must own the database and have CREATEROLE.",
            _ => $"Postgres refused a step ({postgres.SqlState}: {postgres.MessageText}): mend that and run the job again; what was done stays done.",
        },
        NpgsqlException npgsql => $"Postgres does not answer ({npgsql.Message}): start it, or mend ConnectionStrings:shop.",
        _ => $"The job stopped ({exception.GetType().Name}: {exception.Message}): run it again once that is mended; what was done stays done.",
    };

    /// <summary>EF wraps what the server said in exceptions that tell less.</summary>
    private static Exception Cause(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is JobException or NpgsqlException)
                return inner;
        }

        return exception;
    }
}
