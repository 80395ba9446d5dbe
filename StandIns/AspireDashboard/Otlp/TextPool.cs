using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>
/// Gives the same string for the same bytes again: names and routes come thousands of times. A table of fixed size in
/// which the newer takes the older's place, so it cannot be filled up; entries do not change, so it needs no lock.
/// </summary>
internal static class TextPool
{
    private const int Slots = 4096;
    private const int LongestPooled = 128;

    private static readonly Entry?[] Table = new Entry?[Slots];

    /// <summary>The text, cut after <paramref name="longest"/> bytes; broken UTF-8 becomes a sign for it.</summary>
    public static string Get(ReadOnlySpan<byte> utf8, int longest)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > longest)
            return Encoding.UTF8.GetString(utf8[..longest]).TrimEnd('\uFFFD') + "…";
        if (utf8.Length > LongestPooled)
            return Encoding.UTF8.GetString(utf8);

        ref var slot = ref Table[Hash(utf8) % Slots];
        var entry = Volatile.Read(ref slot);
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
            return entry.Text;
        entry = new(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref slot, entry);
        return entry.Text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (uint)utf8.Length;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(utf8))
            hash = BitOperations.Crc32C(hash, word);
        foreach (var single in utf8[(utf8.Length & ~7)..])
            hash = BitOperations.Crc32C(hash, single);
        return hash;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
