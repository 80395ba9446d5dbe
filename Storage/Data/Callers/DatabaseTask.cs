namespace SecureShop.Storage.Data.Callers;

/// <summary>
/// What a service does in nobody's name, told to the database by name, which has policies for it (docs/database.md lists what each may
/// see). Whatever says neither this nor who asks sees nothing.
/// </summary>
public sealed record DatabaseTask
{
    private static readonly AsyncLocal<DatabaseTask?> Ambient = new();

    private DatabaseTask(string name) => Name = name;

    /// <summary>Writes the audit trail, and reads it to go on with it.</summary>
    public static DatabaseTask Audit { get; } = new("audit");

    /// <summary>Removes what has expired.</summary>
    public static DatabaseTask Tidying { get; } = new("tidying");

    /// <summary>Sends the letters that wait.</summary>
    public static DatabaseTask Mail { get; } = new("mail");

    /// <summary>Looks whether there is what a caller names who does not own it, to tell those who watch.</summary>
    public static DatabaseTask Watching { get; } = new("watching");

    /// <summary>Ends what a crash, a timeout or another service in trouble left half-way.</summary>
    public static DatabaseTask Reconciling { get; } = new("reconciling");

    /// <summary>Keeps the books of the development payment provider.</summary>
    public static DatabaseTask Payments { get; } = new("payments");

    /// <summary>Finds, makes, wraps anew and destroys the keys that people's values are sealed by.</summary>
    public static DatabaseTask Sealing { get; } = new("sealing");

    /// <summary>Finds out who somebody is: sign-in, registration, forgotten passwords, sessions.</summary>
    public static DatabaseTask SignIn { get; } = new("sign-in");

    /// <summary>Makes, checks and ends tokens.</summary>
    public static DatabaseTask Tokens { get; } = new("tokens");

    /// <summary>Changes the accounts of others.</summary>
    public static DatabaseTask Administration { get; } = new("administration");

    /// <summary>Erases an account.</summary>
    public static DatabaseTask Erasure { get; } = new("erasure");

    /// <summary>Gathers or erases what the service keeps about a person who asked for it.</summary>
    public static DatabaseTask PersonalData { get; } = new("personal-data");

    /// <summary>All there are.</summary>
    public static IReadOnlyList<DatabaseTask> All { get; } =
        [Audit, Tidying, Mail, Watching, Reconciling, Payments, Sealing, SignIn, Tokens, Administration, Erasure, PersonalData];

    /// <summary>As policies compare it.</summary>
    public string Name { get; }

    internal static DatabaseTask? Current => Ambient.Value;

    /// <summary>Until the answer is disposed of, what this flow of control asks the database is asked for this task, whoever the caller of the request is.</summary>
    public IDisposable Begin()
    {
        var before = Ambient.Value;
        Ambient.Value = this;
        return new End(before);
    }

    private sealed class End(DatabaseTask? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
