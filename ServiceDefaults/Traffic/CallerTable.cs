namespace SecureShop.ServiceDefaults.Traffic;

/// <summary>
/// The callers of one window, never more than there is room for. Each neighbourhood has a few places, and who comes when they are taken
/// takes that of the lightest: whoever has many addresses in one network puts out its neighbours at most, and whoever has many
/// networks puts out those who ask for little, and never a heavy caller.
/// </summary>
internal sealed class CallerTable(int neighbourhoods, int routeCount)
{
    private const int Places = 8;
    private readonly CallerWindow?[] windows = new CallerWindow?[neighbourhoods * Places];
    private int putOut;

    public IEnumerable<CallerWindow> All => windows.OfType<CallerWindow>();

    public int PutOut => putOut;

    /// <summary>The caller's own window. Of one that is known it takes no memory.</summary>
    public CallerWindow Find(int neighbourhood, long key, string? name)
    {
        var first = (int)((uint)neighbourhood % (uint)neighbourhoods) * Places;
        while (true)
        {
            var (place, lightest) = (first, Volatile.Read(ref windows[first]));
            for (var at = first; at < first + Places && lightest is not null; at++)
            {
                var there = Volatile.Read(ref windows[at]);
                if (there?.Key == key)
                    return there;
                if (there is null || there.Requests < lightest.Requests)
                    (place, lightest) = (at, there);
            }

            var fresh = new CallerWindow(key, name, routeCount);
            if (Interlocked.CompareExchange(ref windows[place], fresh, lightest) != lightest)
                continue;
            if (lightest is not null)
                Interlocked.Increment(ref putOut);
            return fresh;
        }
    }
}
