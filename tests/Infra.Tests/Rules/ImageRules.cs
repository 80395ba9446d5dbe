namespace SecureShop.Infra.Tests.Rules;

/// <summary>What runs is what was built.</summary>
internal static class ImageRules
{
    public static IEnumerable<string> Faults(Deployment deployment)
    {
        foreach (var app in deployment.Apps)
        {
            // With azd's tag of one deployment, never `latest`.
            if (app.Image != Azd.ImageOf(app.Name))
                yield return $"{app.Name}: its image is not the one that was pushed";
            if ((string?)app.Node["properties"]!["configuration"]!["registries"]?[0]?["identity"] != app.Identity)
                yield return $"{app.Name}: pulls by something else than its identity";
        }
    }
}
