namespace SecureShop.Gateway.Doors;

/// <summary>
/// The port of the listener that is not public, from <c>Gateway:HealthPort</c>. Asked for when a request comes, so that tests,
/// whose listeners take any free port, can say which they got.
/// </summary>
internal sealed record HealthPort(int? Number)
{
    public static HealthPort Read(IConfiguration configuration) => new(configuration.GetValue<int?>("Gateway:HealthPort"));

    /// <summary>Whether the request came in there.</summary>
    public static bool Received(HttpContext context)
        => context.Connection.LocalPort == context.RequestServices.GetRequiredService<HealthPort>().Number;
}
