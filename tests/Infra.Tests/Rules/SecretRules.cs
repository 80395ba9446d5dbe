using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SecureShop.Infra.Tests.Rules;

/// <summary>Where secrets are, and who can read them.</summary>
internal static partial class SecretRules
{
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string AcrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

    public static IEnumerable<string> Faults(Deployment deployment)
    {
        var vault = deployment.OfType("Microsoft.KeyVault/vaults").Single();
        var secrets = deployment.OfType("Microsoft.KeyVault/vaults/secrets").Select(secret => secret.Name).ToHashSet(StringComparer.Ordinal);
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var app in deployment.Apps)
        {
            foreach (var (setting, value) in app.Settings.Where(entry => IsSecret(entry.Key) || Password().IsMatch(entry.Value)))
                yield return $"{app.Name}: {setting} is a secret as a plain value ({value.Length} characters)";
            foreach (var (name, secret) in app.Secrets)
            {
                if (secret.ContainsKey("value") || (string?)secret["identity"] != app.Identity)
                    yield return $"{app.Name}: {name} is no reference that is read by the app's own identity";
            }

            foreach (var (setting, secret) in app.FromVault)
            {
                if (secret.Vault != vault.Name || !secrets.Contains(secret.Name))
                    yield return $"{app.Name}: {setting} refers to a secret that is not announced";
                read.Add($"{secret.Name} {app.Identity}");
            }

            if ((app.Node["properties"]!["configuration"]!["identitySettings"] as JsonArray)?.All(entry => (string?)entry!["lifecycle"] == "None") != true)
                yield return $"{app.Name}: code in the container can get tokens for its identity";
        }

        if (deployment.Apps.Select(app => app.Identity).Distinct(StringComparer.Ordinal).Count() != deployment.Apps.Count())
            yield return "two apps share an identity, and so their secrets";

        // Exactly who reads: a right too many is one that an attacker in that app has as well.
        var granted = Grants(deployment, SecretsUser).Select(grant => $"{grant.Scope.Split('/')[^1]} {grant.Identity}").ToHashSet(StringComparer.Ordinal);
        foreach (var missing in read.Except(granted, StringComparer.Ordinal))
            yield return $"may not read what it needs: {missing}";
        foreach (var extra in granted.Except(read, StringComparer.Ordinal))
            yield return $"may read what it does not need: {extra}";
        if (Grants(deployment, AcrPull).Count() != deployment.Apps.Count())
            yield return "each app, and nobody else, pulls its image";
        if (deployment.OfType("Microsoft.Authorization/roleAssignments").Any(grant => Grant.Of(grant).Role is not (SecretsUser or AcrPull)))
            yield return "an app has a role beyond pulling its image and reading its secrets";

        if (vault["enableRbacAuthorization"] != "true" || vault["networkAcls.defaultAction"] != "Deny" || vault.Node["properties"]!.AsObject().ContainsKey("accessPolicies"))
            yield return "the vault: rights by role alone, and no network by default";
    }

    /// <summary>Settings whose values are secrets by their names, whatever they hold.</summary>
    public static bool IsSecret(string setting) => Names().IsMatch(setting);

    private static IEnumerable<Grant> Grants(Deployment deployment, string role)
        => deployment.OfType("Microsoft.Authorization/roleAssignments").Select(Grant.Of).Where(grant => grant.Role == role);

    [GeneratedRegex("password|secret|licen[cs]ekey|keycertificates|serviceclient__key|connectionstrings__redis|^roles__|accountkey", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();

    [GeneratedRegex("password=|pwd=|accountkey=|BEGIN .*PRIVATE", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Password();

    /// <summary>Who may do what with which resource.</summary>
    private sealed record Grant(string Scope, string Role, string Identity)
    {
        public static Grant Of(Resource resource) => new(
            resource.Id.Split("/providers/Microsoft.Authorization/")[0],
            resource["roleDefinitionId"]!.Split('/')[^1],
            resource["principalId"]!.Split('\'') is [_, var identity, ..] ? identity : resource["principalId"]!);
    }
}
