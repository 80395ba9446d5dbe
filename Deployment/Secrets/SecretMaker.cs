using System.Buffers.Text;
using System.Security.Cryptography;

namespace SecureShop.Deployment;

/// <summary>Makes a value and writes it. It is held nowhere else, and shown to nobody.</summary>
internal sealed class SecretMaker(Vault vault, TextWriter output)
{
    private const int PasswordBytes = 32;

    public async Task MakeAsync(PlannedSecret planned, CancellationToken cancellation)
    {
        if (planned is { Kind: SecretKind.PrivateKey, PublicPart: { } publicPart })
            await MakePairAsync(planned.Secret, publicPart, cancellation);
        else
            await vault.WriteAsync(planned.Secret, Value(planned.Kind), cancellation);
        await output.WriteLineAsync($"  {planned.Secret.Name}: made now".AsMemory(), cancellation);
    }

    private static string Value(SecretKind kind) => kind switch
    {
        SecretKind.Password => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes)),
        SecretKind.SealingCertificate => SealingCertificate.Generate(),
        SecretKind.SealingKey or SecretKind.LookupKey => SealingKey.Generate(),
        _ => ClientKey.Generate(),
    };

    private async Task MakePairAsync(VaultSecret privatePart, VaultSecret publicPart, CancellationToken cancellation)
    {
        var key = Value(SecretKind.PrivateKey);

        // The public part first: until the private one is tagged as made, the pair is made again as a whole.
        var writtenPublic = await vault.WriteAsync(publicPart, ClientKey.PublicPartOf(key), cancellation);
        var writtenPrivate = await vault.WriteAsync(privatePart, key, cancellation);
        await output.WriteLineAsync($"  {publicPart.Name}: made now, the public part of {privatePart.Name}".AsMemory(), cancellation);

        // Two that run at once could leave the halves of two pairs. Whoever wrote the last private part sees it here.
        if ((await vault.GetAsync(publicPart.Name, cancellation)).Version != writtenPublic.Version
            || (await vault.GetAsync(privatePart.Name, cancellation)).Version != writtenPrivate.Version)
        {
            throw new DeploymentException($"Somebody else has made {privatePart.Name} at the same moment, and its parts may not match: run 'rotate {privatePart.Name}' once, alone.");
        }
    }
}
