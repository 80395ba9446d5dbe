using System.Text.RegularExpressions;

namespace SecureShop.Infra.Tests.Rules;

/// <summary>What runs is what was built.</summary>
internal static partial class ImageRules
{
    public static IEnumerable<string> Faults(Deployment deployment)
    {
        foreach (var app in deployment.Apps)
        {
            if (app.Image != Azd.ImageOf(app.Name))
                yield return $"{app.Name}: its image is not the one that was pushed";
            if (!Pinned().IsMatch(app.Image) || app.Image.EndsWith(":latest", StringComparison.Ordinal))
                yield return $"{app.Name}: its image has neither a version nor a digest";
            if ((string?)app.Node["properties"]!["configuration"]!["registries"]?[0]?["identity"] != app.Identity)
                yield return $"{app.Name}: pulls by something else than its identity";
        }
    }

    [GeneratedRegex("^[a-z0-9.]+/[a-z0-9/_-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pinned();
}
