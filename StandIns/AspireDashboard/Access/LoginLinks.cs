using SecureShop.StandIns.AspireDashboard.Serving;

namespace SecureShop.StandIns.AspireDashboard.Access;

/// <summary>The link that signs in: it works once, then the next one takes its place and is told.</summary>
internal sealed class LoginLinks(Uri pages, string first, Action<Uri>? used, Failures failures)
{
    private string _token = first;

    public Uri Current => new(pages, $"/login?t={Uri.EscapeDataString(Volatile.Read(ref _token))}");

    /// <summary>Of two who use it at the same moment one wins: the exchange is one step.</summary>
    public bool TryUse(string? token)
    {
        var current = Volatile.Read(ref _token);
        if (!Secrets.Same(token, current) || Interlocked.CompareExchange(ref _token, Secrets.Make(), current) != current)
            return false;
        try
        {
            used?.Invoke(Current);
        }
        catch (Exception problem)
        {
            // The host's printer failed; the one who signs in has nothing to do with it.
            failures.Note(problem);
        }

        return true;
    }
}
