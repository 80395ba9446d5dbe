using SecureShop.Infra.Tests.Rules;

namespace SecureShop.Infra.Tests;

/// <summary>The templates as they are, evaluated once for a class of tests.</summary>
public sealed class EvaluatedTemplates(Bicep bicep) : IAsyncLifetime
{
    private readonly Dictionary<string, Deployment> _parts = new(StringComparer.Ordinal);

    /// <summary>All that a whole <c>azd up</c> makes.</summary>
    internal Deployment All => new([.. _parts.Values.SelectMany(part => part.Resources)]);

    /// <summary>What breaks a rule.</summary>
    internal static IEnumerable<string> Faults(Deployment deployment)
        => [.. NetworkRules.Faults(deployment), .. SecretRules.Faults(deployment), .. StoreRules.Faults(deployment), .. ImageRules.Faults(deployment), .. FactRules.Faults(deployment)];

    /// <summary>All of it, with one template's part replaced.</summary>
    internal Deployment With(string template, Deployment part)
        => new([.. _parts.SelectMany(entry => (entry.Key == template ? part : entry.Value).Resources)]);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        using var templates = new Templates(bicep);
        foreach (var template in Azd.Templates)
            _parts[template] = await templates.EvaluateAsync(template);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
