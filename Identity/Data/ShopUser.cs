namespace SecureShop.Identity.Data;

/// <summary>A person with an account; the id is the subject of their tokens. Who they are is sealed: no query sees it but by <see cref="LookupHash"/>.</summary>
public sealed class ShopUser : IdentityUser<Guid>, IFoundRow
{
    private readonly SealedText email = new("users", "email");
    private readonly SealedText name = new("users", "display_name");

    /// <summary>What the person is called on pages and in the <c>name</c> claim.</summary>
    public string DisplayName { get => name.Text ?? ""; set => name.Text = value; }

    /// <inheritdoc/>
    public override string? Email { get => email.Text; set => email.Text = value; }

    /// <summary>A user is called as their address is.</summary>
    public override string? UserName { get => Email; set => Email = value; }

    /// <inheritdoc/>
    public DataKey? Key { get; set; }

    internal byte[]? SealedEmail { get => email.Closed; set => email.Closed = value; }

    internal byte[]? SealedName { get => name.Closed; set => name.Closed = value; }

    Guid ISealedRow.Row => Id;

    IReadOnlyList<SealedText> ISealedRow.Texts => [email, name];

    string? IFoundRow.Lookup => NormalizedEmail;

    IEnumerable<string> IFoundRow.Found => AccountLookup.FormsOf(Email!);

    /// <summary>
    /// Whether an administrator has closed the account: locked with no end. That ends sessions and tokens. A lock with an end is
    /// what failed attempts leave behind, and anybody can make those: it keeps passwords from being tried, and nothing else.
    /// </summary>
    public bool IsDisabled => LockoutEnd == DateTimeOffset.MaxValue;

    /// <summary>When the account was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A role that an account can hold.</summary>
public sealed class ShopRole : IdentityRole<Guid>;
