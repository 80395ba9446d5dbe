namespace SecureShop.Gateway.Doors;

/// <summary>
/// The ports of the listeners that are not the public ones, from <c>Gateway:PlainPort</c> and <c>Gateway:HealthPort</c>. Asked for
/// when a request comes, so that tests, whose listeners take any free port, can say which they got.
/// </summary>
internal sealed record DoorPorts(int? Plain, int? Health)
{
    public static DoorPorts Read(IConfiguration configuration)
        => new(configuration.GetValue<int?>("Gateway:PlainPort"), configuration.GetValue<int?>("Gateway:HealthPort"));

    public static DoorPorts Of(HttpContext context) => context.RequestServices.GetRequiredService<DoorPorts>();
}
