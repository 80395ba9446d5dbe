using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Storage.Audit;

/// <summary>
/// The hash that makes a chain of the rows: over a row's content, its place and the hash of the row before it, so that whoever edits,
/// removes, adds or moves a row has to write all later ones anew, and then meets the signed checkpoints
/// (<see cref="AuditCheckpoint"/>). Postgres computes it when a row is added (<see cref="AuditChainSql"/>); here it is computed once
/// more, by other code, to verify it.
/// </summary>
internal static class AuditChain
{
    /// <summary>Which encoding a hash is over: its first byte. One that says anything else is none of ours.</summary>
    public const byte Format = 1;

    /// <summary>Of a hash with its format.</summary>
    public const int Length = 1 + SHA256.HashSizeInBytes;

    /// <summary>
    /// The columns that are hashed, in this order, as the bytes that Postgres makes of them. The place, the schema and the
    /// hash before come ahead of them.
    /// </summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "uuid_send(mark)", "timestamptz_send(at)", "int4send(event_id)", Text("event_name"), Text("reason"), Text("subject"), Text("actor"), Text("client"),
        Text("network"), Text("method"), Text("route"), "int4send(status)", Text("trace_id"), Text("details::text"),
    ];

    /// <summary>
    /// The hash of a row. Each field is a byte that says whether it is there, its length and its bytes: no two rows have one encoding, as
    /// "ab","c" and "a","bc" would if they were only joined.
    /// </summary>
    /// <param name="schema">The service's: a row of one chain fits nowhere in another.</param>
    /// <param name="place">Of the row.</param>
    /// <param name="previous">The hash of the row before it; null before the first.</param>
    /// <param name="columns">Of <see cref="Columns"/>; null where there is nothing.</param>
    public static byte[] Hash(string schema, long place, byte[]? previous, IEnumerable<byte[]?> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, place);
        hash.AppendData([Format]);
        Append(hash, Encoding.UTF8.GetBytes(schema));
        Append(hash, number.ToArray());
        Append(hash, previous);
        foreach (var column in columns)
            Append(hash, column);
        return [Format, .. hash.GetHashAndReset()];
    }

    private static void Append(IncrementalHash hash, byte[]? field)
    {
        if (field is null)
        {
            hash.AppendData([0]);
            return;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
        hash.AppendData([1]);
        hash.AppendData(length);
        hash.AppendData(field);
    }

    private static string Text(string column) => $"convert_to({column}, 'UTF8')";
}
