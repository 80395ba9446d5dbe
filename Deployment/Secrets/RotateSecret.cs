namespace SecureShop.Deployment;

/// <summary>The command <c>rotate</c>: one secret anew, and what to do for it to take effect.</summary>
internal sealed class RotateSecret(Vault vault, TextWriter output)
{
    public async Task RunAsync(string name, CancellationToken cancellation)
    {
        var secrets = await vault.ListAsync(cancellation);
        var plan = SecretPlan.Of(secrets);
        var planned = plan.FirstOrDefault(one => Same(one.Secret)) ?? throw NotOurs();
        if (planned.Kind == SecretKind.LookupKey)
            throw new DeploymentException($"{planned.Secret.Name} is never changed: by another one nobody who has an account would be found (docs/keys.md). Nothing was changed.");
        var before = await vault.GetAsync(planned.Secret.Name, cancellation);
        if (planned.Kind is SecretKind.SealingCertificate or SecretKind.SealingKey && before.Version is null)
            throw new DeploymentException($"Azure does not say which version {planned.Secret.Name} has, so that it could not be named as the earlier one: nothing was changed; look at it in the Azure portal.");

        await new SecretMaker(vault, output).MakeAsync(planned, cancellation);
        await output.WriteLineAsync(Next(planned, before.Version).AsMemory(), cancellation);

        bool Same(VaultSecret secret) => secret.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

        DeploymentException NotOurs() => new(
            plan.FirstOrDefault(one => one.PublicPart is { } part && Same(part)) is { } owner
                ? $"{OneLine.Of(name)} is the public part of {owner.Secret.Name}: run 'rotate {owner.Secret.Name}', which makes both."
                : secrets.Any(Same)
                    ? $"{OneLine.Of(name)} has no tag '{VaultSecret.MakeTag}', so it is not made here: change it where it comes from."
                    : $"There is no secret {OneLine.Of(name)} in {vault.Name}: 'secrets' lists those that are made here.");
    }

    // Identity has master keys of its own.
    private static string Previous(VaultSecret key) => key.Name.StartsWith("identity-", StringComparison.OrdinalIgnoreCase) ? "PREVIOUS_IDENTITY_MASTER_KEY" : "PREVIOUS_MASTER_KEY";

    private static string Next(PlannedSecret planned, string? before) => planned.Kind switch
    {
        SecretKind.Password => """
            Next, and soon, because the old one opens nothing any more once the first has run:
              dotnet run --project Deployment -- migrate     where it is the password of a database role
              azd deploy SERVICE                             for each service that is given it
            """,
        SecretKind.PrivateKey => """
            Next, in this order; calls between the two are refused meanwhile:
              azd deploy SERVICE     for the one that knows the public part
              azd deploy SERVICE     for the one that signs with the private key
            """,
        SecretKind.SealingKey => $"""
            What the earlier version wraps must go on to open. Next, within half an hour, before the new version gets to a replica by itself:
              azd env set {Previous(planned.Secret)} {before}     which becomes Sealing__MasterKeys__1 (docs/keys.md)
              azd deploy SERVICE                             for the one that is given it
            """,
        _ => $"""
            What the earlier version has sealed must go on to open. Next, within half an hour, before the new version gets to a replica by itself:
              azd env set PREVIOUS_KEY_CERTIFICATE {before}     which becomes Identity__KeyCertificates__1 (docs/keys.md)
              azd deploy identity
            """,
    };
}
