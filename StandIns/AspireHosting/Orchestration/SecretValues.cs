using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>
/// The values of this run that nobody may be shown, known from the model: whatever a variable is called and however a
/// value got into it, the value itself gives it away.
/// </summary>
internal sealed class SecretValues
{
    public const string Mask = "••••••";

    private readonly string[] _values;

    /// <summary>Of these values, and as they look in a URL. The longest come first, lest a part of one is left.</summary>
    public SecretValues(IEnumerable<string?> values) => _values = [.. values
        .Where(value => !string.IsNullOrEmpty(value))
        .SelectMany(value => new[] { value!, Uri.EscapeDataString(value!) })
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(value => value.Length)];

    /// <summary>Every secret parameter, the passwords of servers, and what else is named.</summary>
    public static async Task<SecretValues> OfAsync(IEnumerable<IResource> resources, IEnumerable<string?> others, CancellationToken cancellationToken)
    {
        var parameters = resources.Select(resource => resource switch
        {
            ParameterResource { Secret: true } parameter => parameter,
            PostgresServerResource postgres => postgres.PasswordParameter,
            RedisResource redis => redis.PasswordParameter,
            _ => null,
        });
        List<string?> values = [.. others];
        foreach (var parameter in parameters.OfType<ParameterResource>())
        {
            try
            {
                values.Add(await parameter.GetValueAsync(cancellationToken));
            }
            catch (HostingException)
            {
                // It has no value, and so cannot give it away. Who needs it will say so.
            }
        }

        return new(values);
    }

    public bool OccurIn(string text) => Array.Exists(_values, value => text.Contains(value, StringComparison.Ordinal));

    /// <summary>The text without them.</summary>
    public string Hide(string text) => OccurIn(text) ? _values.Aggregate(text, (rest, value) => rest.Replace(value, Mask, StringComparison.Ordinal)) : text;
}
