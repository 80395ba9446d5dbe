namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Estimates percentiles from counts in buckets, as if those of a bucket were spread evenly over it.</summary>
internal static class Percentiles
{
    /// <summary>Null where nothing was counted or bounds are not known.</summary>
    /// <param name="buckets">Counts; the last one is of what is above every bound.</param>
    /// <param name="bounds">Upper bounds of all but the last.</param>
    /// <param name="share">0.5 for the median.</param>
    public static double? Of(ReadOnlySpan<double> buckets, ReadOnlySpan<double> bounds, double share)
    {
        var total = 0.0;
        foreach (var count in buckets)
            total += count;
        if (total <= 0 || bounds.IsEmpty)
            return null;

        var below = 0.0;
        var wanted = total * share;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (buckets[i] > 0 && below + buckets[i] >= wanted)
            {
                var lower = i == 0 ? Math.Min(0, bounds[0]) : bounds[i - 1];
                return lower + ((bounds[i] - lower) * (wanted - below) / buckets[i]);
            }

            below += buckets[i];
        }

        // Above the last bound nothing more is known.
        return bounds[^1];
    }
}
