using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.StandIns.AspireHosting;

/// <summary>Adds values from outside.</summary>
public static class ParameterExtensions
{
    /// <summary>A value that configuration must give, as <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, () => Configured(builder, name) ?? throw new HostingException(
            $"The parameter '{name}' has no value: give it with --Parameters:{name} or in the variable Parameters__{name}."), secret));

    /// <summary>A fixed value.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, () => value, secret));

    /// <summary>A value that is made unless configuration gives it; <paramref name="persist"/> keeps it for the next run.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(Generated(builder, name, value, secret, persist));

    internal static ParameterResource DefaultPassword(IDistributedApplicationBuilder builder, string name, bool special = true) =>
        Generated(builder, name, new GenerateParameterDefault { Special = special }, secret: true, persist: true);

    private static ParameterResource Generated(IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist) =>
        new(name, () => Configured(builder, name) ?? (persist ? builder.KeptValues.GetOrAdd(name, value.GetDefaultValue) : value.GetDefaultValue()), secret);

    private static string? Configured(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];
}
