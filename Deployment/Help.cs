namespace SecureShop.Deployment;

/// <summary>The texts of <c>--help</c>.</summary>
internal static class Help
{
    public const string General = """
        What azd's hooks run after they have set something up. Everything goes through Azure Resource Manager, as the
        account that azd (or else az) is signed in with; no secret is ever printed.

        Usage: dotnet run --project Deployment -- COMMAND

          secrets        fill the vault's secrets that have no value yet
          rotate NAME    make one secret anew
          store NAME     keep a secret that comes from elsewhere, such as a licence
          migrate        run the Database job and wait for its end
          retire         deactivate what no longer serves, once the gateway's new revision is healthy

        'COMMAND --help' says more. azd gives the variables that they read to its hooks. In a terminal of your own, put them
        there first, with what 'azd env get-values' prints. All read AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP.

        Exit codes: 0 done; 1 not done, and one sentence says what to do; 2 the command line is wrong.
        """;

    public const string Secrets = """
        dotnet run --project Deployment -- secrets
        Makes every secret of the vault AZURE_KEY_VAULT_NAME that has a tag 'make' and no tag 'made' yet, and puts the date
        there. Run again it makes nothing. The tag says what it is to be:

          password               32 random bytes (base64url)
          sealing-certificate    what seals Identity's key ring (base64 PKCS#12; docs/keys.md)
          sealing-key            what wraps people's keys (32 random bytes, base64; docs/keys.md)
          lookup-key             what sealed addresses are found by (the same); made once, for good
          ec-p256-private-key    a client's key (base64 PKCS#8); the tag 'public-part' names the secret for its public part
        The account needs the role Key Vault Contributor on the resource group.
        """;

    public const string Rotate = """
        dotnet run --project Deployment -- rotate NAME
        Makes one secret of the vault AZURE_KEY_VAULT_NAME anew, as a new version, and says what has to be run for it to
        take effect. It must be one with a tag 'make'; a public part is made anew with its private key.
        The account needs the role Key Vault Contributor on the resource group.
        """;

    public const string Store = """
        dotnet run --project Deployment -- store NAME < FILE
        Writes what it reads from standard input, without the line break at its end, as a new version of one secret of the
        vault AZURE_KEY_VAULT_NAME. It must have been announced, and not be one that 'secrets' makes.
        The account needs the role Key Vault Contributor on the resource group.
        """;

    public const string Migrate = """
        dotnet run --project Deployment -- migrate
        Starts the job AZURE_DATABASE_JOB_NAME (roles, schemas, migrations, seed) and waits for its end, 15 minutes at most.
        Running it twice does no harm.
        The account needs the role Container Apps Jobs Operator on the resource group.
        """;

    public const string Retire = """
        dotnet run --project Deployment -- retire
        Waits until the revision of the app AZURE_GATEWAY_APP_NAME that gets the traffic is running and healthy, 10 minutes
        at most, then deactivates the others that have neither traffic nor a label. When it does not get healthy,
        nothing is deactivated.
        The account needs the role Container Apps Contributor on the resource group.
        """;
}
