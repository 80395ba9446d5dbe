using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace SecureShop.Storage.Audit;

/// <summary>
/// How far a chain went at a time, signed and kept outside of the database. A chain alone shows neither that its end was cut off nor that
/// all of it was written anew from some row on; this does.
/// </summary>
/// <param name="Schema">Whose chain.</param>
/// <param name="Row">The place of its last row.</param>
/// <param name="Hash">And that row's hash.</param>
/// <param name="At">When it was signed.</param>
internal sealed record AuditCheckpoint(string Schema, long Row, byte[] Hash, DateTimeOffset At);

/// <summary>Checkpoints as text: a JWS (RFC 7515) in its compact form, ES256.</summary>
internal static partial class CheckpointText
{
    // Said in the header, so that no other thing that a key signs is taken for a checkpoint.
    private const string Type = "audit-checkpoint";
    private const string Algorithm = "ES256";

    /// <summary>Signs one.</summary>
    public static string Sign(AuditCheckpoint checkpoint, ECDsa key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new CheckpointHeader(Algorithm, Type, CheckpointKey.IdOf(key)), CheckpointJson.Default.CheckpointHeader);
        var payload = JsonSerializer.SerializeToUtf8Bytes(checkpoint, CheckpointJson.Default.AuditCheckpoint);
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The checkpoints in a line of whatever text, such as a log's, not yet verified. Tokens of other kinds are passed over.</summary>
    public static IEnumerable<(CheckpointHeader Header, AuditCheckpoint Checkpoint, string Text)> In(string line)
    {
        foreach (var text in Jws().Matches(line).Select(found => found.Value))
        {
            if (Read(text) is { } read)
                yield return (read.Header, read.Checkpoint, text);
        }
    }

    /// <summary>Whether it is signed by the one who has the private part of <paramref name="key"/>.</summary>
    public static bool IsSigned(string text, ECDsa key)
    {
        var end = text.LastIndexOf('.');
        return key.VerifyData(Encoding.ASCII.GetBytes(text[..end]), Base64Url.DecodeFromChars(text.AsSpan(end + 1)), HashAlgorithmName.SHA256);
    }

    private static (CheckpointHeader Header, AuditCheckpoint Checkpoint)? Read(string text)
    {
        try
        {
            var parts = text.Split('.');
            var header = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(parts[0]), CheckpointJson.Default.CheckpointHeader);
            if (header is not { Alg: Algorithm, Typ: Type })
                return null;
            _ = Base64Url.DecodeFromChars(parts[2]);
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(parts[1]), CheckpointJson.Default.AuditCheckpoint) is { Schema: not null, Hash: not null } checkpoint
                ? (header, checkpoint)
                : null;
        }
        catch (Exception damaged) when (damaged is FormatException or JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"eyJ[\w-]{1,1000}\.eyJ[\w-]{1,1000}\.[\w-]{86}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Jws();
}

/// <summary>Says which key signed.</summary>
internal sealed record CheckpointHeader(string Alg, string Typ, string Kid);

/// <summary>The P-256 keys of checkpoints.</summary>
internal static class CheckpointKey
{
    /// <summary>Reads base64 of PKCS#8.</summary>
    public static ECDsa Private(string text)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Reads base64 of SubjectPublicKeyInfo.</summary>
    public static ECDsa Public(string text)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The name of a key, which follows from it: a new key has another one without anybody giving it.</summary>
    public static string IdOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AuditCheckpoint))]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
