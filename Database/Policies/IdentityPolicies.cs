using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data.Callers;
using static SecureShop.Database.Policies.Who;

namespace SecureShop.Database.Policies;

/// <summary>
/// What hangs on an account is its person's. Whoever has to find out first who somebody is, or makes tokens, or administers, says so by
/// name, and is kept from what that does not need.
/// </summary>
internal static class IdentityPolicies
{
    private static readonly string Own = OwnsById("user_id");

    private static readonly string OwnBySubject = Owns("subject");

    private static readonly string FindsOut = Does(DatabaseTask.SignIn);

    private static readonly string Ends = Does(DatabaseTask.SignIn, DatabaseTask.Tokens, DatabaseTask.Administration, DatabaseTask.Erasure, DatabaseTask.Tidying);

    // As far as its request: the policies of that table are asked.
    private const string Asked = "exists (select from identity.personal_requests where personal_requests.id = request_id)";

    private static readonly string Asks = Any(OwnBySubject, Does(DatabaseTask.Erasure));

    public static IReadOnlyList<TableRule> Tables { get; } =
    [
        new("users")
        {
            Read = Any(OwnsById("id"), Ends),
            Add = Does(DatabaseTask.SignIn, DatabaseTask.Erasure),
            Change = Any(OwnsById("id"), Does(DatabaseTask.SignIn, DatabaseTask.Administration)),
            Remove = Does(DatabaseTask.Erasure, DatabaseTask.Tidying),
        },
        new("user_roles")
        {
            Read = Any(Own, Ends),
            Add = Does(DatabaseTask.SignIn, DatabaseTask.Administration),
            Remove = Does(DatabaseTask.Administration),
        },

        // With each account its key is read. Nobody but who erases or wraps anew changes one.
        new("data_keys")
        {
            Read = Any(Owns("owner_id"), Ends, Does(DatabaseTask.Sealing)),
            Add = Does(DatabaseTask.SignIn, DatabaseTask.Erasure),
            Change = Does(DatabaseTask.Sealing, DatabaseTask.Erasure),
            Remove = Does(DatabaseTask.Tidying),
        },

        // Factors: nobody but their person, and who looks at one that is shown.
        Factor("authenticators") with { Read = Any(Own, Does(DatabaseTask.SignIn, DatabaseTask.Tidying)), Change = Any(Own, Does(DatabaseTask.SignIn, DatabaseTask.Tidying)) },
        Factor("recovery_codes"),
        Factor("user_passkeys"),
        Factor("user_tokens"),
        Factor("user_claims"),
        Factor("user_logins"),

        // Sessions, and what was granted in them.
        TableRule.For("sessions", Any(Own, Ends)),
        TableRule.For("authorizations", Any(OwnBySubject, Ends)),
        TableRule.For("tokens", Any(OwnBySubject, Ends)),
        TableRule.For("grants", Any(Owns("subject_id"), Ends)),
        TableRule.For("api_keys", Any(Own, Does(DatabaseTask.SignIn, DatabaseTask.Tokens, DatabaseTask.Administration))),

        // What people ask of all services: theirs, and for the services to answer. An erasure nobody takes back, nor changes what was asked.
        new("personal_requests")
        {
            Read = Any(OwnBySubject, Has(Scope.PersonalAnswer), Does(DatabaseTask.Erasure, DatabaseTask.Tidying)),
            Add = Asks,
            Remove = Any(All(OwnBySubject, "kind = 'Export'"), Does(DatabaseTask.Erasure, DatabaseTask.Tidying)),
        },
        new("personal_parts")
        {
            Read = Asked,
            Add = $"exists (select from identity.personal_requests where personal_requests.id = request_id and {Asks})",
            Change = All(Has(Scope.PersonalAnswer), Asked),
        },

        // Added by everyone who changes something that its person is told of; read by who sends.
        TableRule.For("mails", Does(DatabaseTask.Mail)) with { Add = Everyone },
        TableRule.AuditTrail,

        TableRule.OpenFor("roles", "The roles that there are, which migrations alone change."),
        TableRule.OpenFor("role_claims", "Empty: a role is no more than its name."),
        TableRule.OpenFor("applications", "The names of the configured clients, to which tokens refer."),
        TableRule.OpenFor("scopes", "Empty: scopes are in the code."),
        TableRule.OpenFor("signing_keys", "The service's own, sealed by the key ring; read before anybody asks."),
        TableRule.OpenFor("data_protection_keys", "The key ring, sealed by a certificate; read before anybody asks."),
        TableRule.OpenFor("api_key_secrets", "The one secret that keys are hashed with, sealed by the key ring."),
        TableRule.OpenFor("spent_challenges", "Random numbers that were used, and when they may be forgotten."),
    ];

    private static TableRule Factor(string table) => TableRule.For(table, Any(Own, FindsOut));
}
