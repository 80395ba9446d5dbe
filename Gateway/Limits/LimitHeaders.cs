using System.Globalization;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// The fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11): an item for each limit that applies. <c>r</c>
/// is what may be used at once, and <c>t</c> the seconds until it is one more.
/// </summary>
internal static class LimitHeaders
{
    public static void Write(IHeaderDictionary headers, Decision decision)
    {
        var (policy, left) = ("", "");
        for (var index = 0; index < decision.Owed.Length; index++)
        {
            var limit = decision.Claims[index].Limit;
            var room = Math.Clamp(limit.Capacity - decision.Owed[index], 0, limit.Capacity);
            var more = decision.Answer == Answer.Refused && room / limit.Interval == 0
                ? Math.Max(1, decision.Claims[index].WaitFor(decision.Owed[index]))
                : limit.Interval - (room % limit.Interval);
            policy = index == 0 ? limit.Description : $"{policy}, {limit.Description}";
            left = string.Create(CultureInfo.InvariantCulture, $"{left}{(index == 0 ? "" : ", ")}\"{limit.Name}\";r={room / limit.Interval};t={(more + 999_999) / 1_000_000}");
        }

        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = left;
    }

    public static string Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
