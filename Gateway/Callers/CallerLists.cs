using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Gateway.Callers;

/// <summary>Section <c>Callers</c>: where the lists are.</summary>
internal sealed record CallerListOptions
{
    public const string Section = "Callers";

    /// <summary>The file with the lists; without one everybody may come.</summary>
    public string? File { get; init; }

    internal sealed class Validator : IValidateOptions<CallerListOptions>
    {
        public ValidateOptionsResult Validate(string? name, CallerListOptions options)
        {
            try
            {
                if (options.File is { } file)
                    CallerLists.Parse(CallerLists.Read(file));
                return ValidateOptionsResult.Success;
            }
            catch (Exception fault) when (CallerLists.IsFault(fault))
            {
                return ValidateOptionsResult.Fail($"Set Callers__File to a file such as {{ \"allow\": [], \"deny\": [\"203.0.113.0/24\", \"2001:db8::/32\"] }}. {fault.Message}");
            }
        }
    }
}

/// <summary>Who may come at all, by network address.</summary>
internal sealed record CallerLists(NetworkSet Allow, NetworkSet Deny)
{
    private const long MaxSize = 1024 * 1024;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Strict) { PropertyNameCaseInsensitive = true };

    public static CallerLists Everybody { get; } = new(new([]), new([]));

    /// <summary>Who is denied may not come, even where allowed; where some are allowed, nobody else may.</summary>
    public bool Admit(IPAddress? address)
        => address is null ? Allow.Count == 0 : !Deny.Contains(address) && (Allow.Count == 0 || Allow.Contains(address));

    /// <exception cref="FormatException">An entry is no network; the message says which.</exception>
    /// <exception cref="JsonException">It is no such document.</exception>
    public static CallerLists Parse(string text)
    {
        var entries = JsonSerializer.Deserialize<Entries>(text, Strict) ?? throw new FormatException("The file says nothing.");
        return new(new(entries.Allow.Select(ToNetwork)), new(entries.Deny.Select(ToNetwork)));
    }

    /// <exception cref="IOException">There is none, or one that is too long.</exception>
    public static string Read(string file)
        => new FileInfo(file) is { Exists: true, Length: > MaxSize } ? throw new IOException("The file is longer than a mebibyte.") : File.ReadAllText(file);

    /// <summary>Whether <paramref name="failure"/> says that the lists cannot be used.</summary>
    public static bool IsFault(Exception failure)
        => failure is IOException or UnauthorizedAccessException or JsonException or FormatException or ArgumentException or NotSupportedException;

    // Parsed as a whole: a wrong entry that was left out would be someone who is not denied.
    private static IPNetwork ToNetwork(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network))
            return network;
        return IPAddress.TryParse(entry, out var address) && entry.AsSpan().ContainsAny('.', ':')
            ? new(address, address.GetAddressBytes().Length * 8)
            : throw new FormatException($"'{entry}' is no network.");
    }

    private sealed record Entries
    {
        public IReadOnlyList<string> Allow { get; init; } = [];

        public IReadOnlyList<string> Deny { get; init; } = [];
    }
}
