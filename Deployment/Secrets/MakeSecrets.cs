namespace SecureShop.Deployment;

/// <summary>The command <c>secrets</c>: gives their values to those that were only announced.</summary>
internal sealed class MakeSecrets(Vault vault, TextWriter output)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var plan = SecretPlan.Of(await vault.ListAsync(cancellation));
        if (plan.Count == 0)
            throw new DeploymentException($"The vault {vault.Name} has no secret with a tag '{VaultSecret.MakeTag}': run 'azd provision', which announces them.");

        await output.WriteLineAsync($"Secrets of {vault.Name}".AsMemory(), cancellation);
        var maker = new SecretMaker(vault, output);
        foreach (var planned in plan)
        {
            if (planned.Secret.Tag(VaultSecret.MadeTag) is { } made)
                await output.WriteLineAsync($"  {planned.Secret.Name}: was there ({OneLine.Of(made)})".AsMemory(), cancellation);
            else
                await maker.MakeAsync(planned, cancellation);
        }
    }
}
