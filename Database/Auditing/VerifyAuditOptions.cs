using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using SecureShop.Storage.Audit;

namespace SecureShop.Database.Auditing;

/// <summary>The command line is wrong; the message says what to write instead.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What <c>verify-audit</c> is to look at.</summary>
/// <param name="Schemas">Which ones.</param>
/// <param name="Files">Where checkpoints are.</param>
/// <param name="Checkpoints">Such as were given as text.</param>
/// <param name="Keys">Public keys, base64, by schema: nobody's key vouches for another's trail.</param>
internal sealed record VerifyAuditOptions(
    IReadOnlyList<ServiceSchema> Schemas, IReadOnlyList<string> Files, IReadOnlyList<string> Checkpoints, ILookup<string, string> Keys)
{
    /// <summary>Whether any checkpoint is to be looked at.</summary>
    public bool WithCheckpoints => Files.Count + Checkpoints.Count > 0;

    /// <exception cref="UsageException">Something is missing or cannot be understood.</exception>
    public static VerifyAuditOptions Parse(IReadOnlyList<string> args, IConfiguration configuration)
    {
        List<string> schemas = [], paths = [], texts = [];
        var without = false;
        var keys = Database.Schemas.All.SelectMany(schema => Split(configuration[$"Audit:Keys:{schema.Name}"]).Select(key => (Schema: schema.Name, Key: key))).ToList();
        for (var at = 0; at < args.Count; at++)
        {
            switch (args[at])
            {
                case "--schema":
                    schemas.Add(Known(Value()));
                    break;
                case "--checkpoints":
                    paths.Add(Value());
                    break;
                case "--checkpoint":
                    texts.Add(Value());
                    break;
                case "--without-checkpoints":
                    without = true;
                    break;
                case "--key":
                    var (schema, key) = Value().Split('=', 2) is [var name, var rest] ? (Known(name), rest) : throw new UsageException("--key takes SCHEMA=KEY, as in --key identity=MFkw….");
                    keys.Add((schema, key));
                    break;
                default:
                    throw new UsageException("verify-audit does not know one of its options; 'verify-audit --help' lists them.");
            }

            string Value() => ++at < args.Count && args[at].Length > 0 ? args[at] : throw new UsageException($"{args[at - 1]} needs a value behind it.");
        }

        if (paths.Count + texts.Count == 0 && configuration["Audit:Folder"] is { Length: > 0 } folder)
            paths.Add(folder);
        if (!without && paths.Count + texts.Count == 0)
            throw new UsageException("Say where the checkpoints are by --checkpoints or --checkpoint: without them a trail whose end was cut off looks whole. --without-checkpoints looks at the chains alone.");
        IReadOnlyList<string> files = without ? [] : [.. paths.SelectMany(FilesOf)];
        foreach (var (schema, key) in keys)
            Check(schema, key);

        var asked = Database.Schemas.All.Where(schema => schemas.Count == 0 || schemas.Contains(schema.Name)).ToList();
        if (!without && asked.Find(schema => !keys.Exists(key => key.Schema == schema.Name)) is { } keyless)
            throw new UsageException($"There is no public key of {keyless.Name}: set Audit__Keys__{keyless.Name} or give --key {keyless.Name}=KEY. Without it nobody knows who made its checkpoints.");
        return new(
            asked, files, without ? [] : texts, keys.ToLookup(key => key.Schema, key => key.Key, StringComparer.Ordinal));
    }

    private static string[] Split(string? keys) => keys?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string Known(string name) => Database.Schemas.All.Any(schema => schema.Name == name)
        ? name
        : throw new UsageException($"There is no such schema: it is one of {string.Join(", ", Database.Schemas.All.Select(schema => schema.Name))}.");

    private static void Check(string schema, string text)
    {
        try
        {
            using var key = CheckpointKey.Public(text);
            if (key.KeySize == 256)
                return;
        }
        catch (Exception unfit) when (unfit is FormatException or CryptographicException)
        {
            throw new UsageException($"A key of {schema} is no public key: it is base64 of SubjectPublicKeyInfo, on the curve P-256.", unfit);
        }

        throw new UsageException($"A key of {schema} is not on the curve P-256.");
    }

    private static IReadOnlyList<string> FilesOf(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new UsageException($"There is neither a file nor a folder {path}: --checkpoints names where the checkpoints are.");
        return Directory.GetFiles(path, "*.checkpoints") is { Length: > 0 } files
            ? [.. files.Order(StringComparer.Ordinal)]
            : throw new UsageException($"The folder {path} has no file *.checkpoints: --checkpoints names where the checkpoints are.");
    }
}
