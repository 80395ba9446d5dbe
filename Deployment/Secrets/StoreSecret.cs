namespace SecureShop.Deployment;

/// <summary>The command <c>store</c>: a secret that comes from elsewhere, read from standard input.</summary>
internal sealed class StoreSecret(Vault vault, TextReader input, TextWriter output)
{
    // What a vault takes.
    private const int Longest = 25_000;

    public async Task RunAsync(string name, CancellationToken cancellation)
    {
        var secrets = await vault.ListAsync(cancellation);
        var secret = secrets.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DeploymentException($"There is no secret {OneLine.Of(name)} in {vault.Name}: announce it in infra/modules/vault.bicep and run 'azd provision'.");

        // A value from elsewhere would be known elsewhere.
        if (SecretPlan.Of(secrets).Any(planned => planned.Secret == secret || planned.PublicPart == secret))
            throw new DeploymentException($"{secret.Name} is made here and nowhere else: 'rotate' makes it anew.");

        await vault.WriteAsync(secret, await ReadAsync(cancellation), cancellation);
        await output.WriteLineAsync($"  {secret.Name}: stored".AsMemory(), cancellation);
    }

    private async Task<string> ReadAsync(CancellationToken cancellation)
    {
        var buffer = new char[Longest + 1];
        var length = await input.ReadBlockAsync(buffer, cancellation);
        var value = new string(buffer, 0, length).TrimEnd('\r', '\n');
        return value.Length is > 0 and <= Longest
            ? value
            : throw new DeploymentException($"The secret is read from standard input, 1 to {Longest} characters: store NAME < FILE. Nothing was stored.");
    }
}
