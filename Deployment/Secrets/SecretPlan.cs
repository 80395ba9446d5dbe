namespace SecureShop.Deployment;

/// <summary>What a secret is to be.</summary>
internal enum SecretKind
{
    Password,
    SealingCertificate,
    SealingKey,
    LookupKey,
    PrivateKey,
}

/// <summary>A secret that is made here.</summary>
internal sealed record PlannedSecret(VaultSecret Secret, SecretKind Kind, VaultSecret? PublicPart);

/// <summary>Reads the tags. What they leave unclear is refused as a whole, before anything is written.</summary>
internal static class SecretPlan
{
    public static IReadOnlyList<PlannedSecret> Of(IReadOnlyList<VaultSecret> secrets)
    {
        var plan = secrets.Where(secret => secret.Tag(VaultSecret.MakeTag) is not null)
            .OrderBy(secret => secret.Name, StringComparer.Ordinal)
            .Select(secret => Plan(secret, secrets))
            .ToList();

        // Two keys for one public part: the second would silently lock out the first one's owner.
        var shared = plan.Where(planned => planned.PublicPart is not null).GroupBy(planned => planned.PublicPart!.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return shared is null
            ? plan
            : throw new DeploymentException($"The secret {shared.Key} is the public part of {string.Join(" and of ", shared.Select(planned => planned.Secret.Name))}: give each a '{VaultSecret.PublicPartTag}' of its own in infra/modules/vault.bicep.");
    }

    private static PlannedSecret Plan(VaultSecret secret, IReadOnlyList<VaultSecret> all)
    {
        SecretKind? known = secret.Tag(VaultSecret.MakeTag) switch
        {
            "password" => SecretKind.Password,
            "sealing-certificate" => SecretKind.SealingCertificate,
            "sealing-key" => SecretKind.SealingKey,
            "lookup-key" => SecretKind.LookupKey,
            "ec-p256-private-key" => SecretKind.PrivateKey,
            _ => null,
        };
        var kind = known ?? throw new DeploymentException($"The secret {secret.Name} is to be a '{OneLine.Of(secret.Tag(VaultSecret.MakeTag))}', which nobody here can make: correct its tag '{VaultSecret.MakeTag}' in infra/modules/vault.bicep.");
        var publicPart = kind == SecretKind.PrivateKey ? PublicPartOf(secret, all) : null;
        var disabled = secret.IsDisabled ? secret : publicPart is { IsDisabled: true } ? publicPart : null;
        return disabled is null
            ? new(secret, kind, publicPart)
            : throw new DeploymentException($"The secret {disabled.Name} is disabled: enable it in the Azure portal, or delete it and run 'azd provision'.");
    }

    private static VaultSecret PublicPartOf(VaultSecret secret, IReadOnlyList<VaultSecret> all)
    {
        var name = secret.Tag(VaultSecret.PublicPartTag)
            ?? throw new DeploymentException($"The secret {secret.Name} does not say where its public part goes: name it by a tag '{VaultSecret.PublicPartTag}' in infra/modules/vault.bicep.");
        var target = all.FirstOrDefault(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

        // One that is made for itself would be overwritten, itself included.
        return target is not null && target.Tag(VaultSecret.MakeTag) is null
            ? target
            : throw new DeploymentException($"The public part of {secret.Name} goes to {OneLine.Of(name)}, which {(target is null ? "is not there" : "is made for itself")}: correct the tag '{VaultSecret.PublicPartTag}' in infra/modules/vault.bicep and run 'azd provision'.");
    }
}
