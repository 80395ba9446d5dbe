namespace SecureShop.Database.Auditing;

/// <summary>The text of <c>verify-audit --help</c>.</summary>
internal static class VerifyAuditHelp
{
    public const string Text = """
        dotnet run --project Database -- verify-audit [OPTION ...]
        Looks whether the audit trail is what was written: each schema's chain of hashes from its first row to its last, then the
        signed checkpoints, which alone show that the end was cut off or that the chain was written anew. It changes nothing.

          --schema NAME          of this schema alone: identity, catalog or orders; may be repeated
          --checkpoints PATH     a file of checkpoints, or a folder with files *.checkpoints. Any text will do that has them in its
                                 lines, such as what the log has; may be repeated. Without it: Audit__Folder
          --checkpoint TEXT      one checkpoint, as the log has it; may be repeated
          --without-checkpoints  the chains alone
          --key SCHEMA=KEY       the public key of a schema's service, base64 of SubjectPublicKeyInfo, in addition to
                                 Audit__Keys__SCHEMA; earlier keys, too, while checkpoints of theirs are looked at

        The connection is ConnectionStrings__shop, as for the job. Of AppHost, the dashboard shows it and the keys at the resource
        'database'. docs/database.md has more.

        Exit codes: 0 all is as it was written; 1 it could not be looked at, and one sentence says why; 2 the command line is
        wrong; 3 something was changed, and the first row of each schema where it shows is named.
        """;
}
