using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Keeps codes and refresh tokens: under the hash of their handle, with sealed content, used once.</summary>
internal sealed partial class GrantVault(
    IPersistedGrantStore store, SingleUseLedger ledger, IDataProtectionProvider protection, TimeProvider clock,
    ILogger<GrantVault> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("SecureShop.StandIns.IdentityServer.Grant");

    /// <summary>Keeps a grant and returns the handle for the client.</summary>
    public async Task<string> StoreAsync(string type, UserGrant grant, DateTime expiration)
    {
        var handle = Handles.Create();
        await store.StoreAsync(new PersistedGrant
        {
            Key = Handles.Hash(type, handle),
            Type = type,
            SubjectId = grant.SubjectId,
            SessionId = grant.SessionId,
            ClientId = grant.ClientId,
            CreationTime = clock.GetUtcNow().UtcDateTime,
            Expiration = expiration,
            Data = _protector.Protect(JsonSerializer.Serialize(grant)),
        });
        return handle;
    }

    /// <summary>The grant if it is this client's and still good.</summary>
    public async Task<UserGrant?> FindAsync(string type, string handle, string clientId)
    {
        var stored = await store.GetAsync(Handles.Hash(type, handle));
        return stored is not null && stored.Type == type && stored.ClientId == clientId && !(stored.Expiration <= clock.GetUtcNow().UtcDateTime)
            ? Open(stored)
            : null;
    }

    /// <summary>Takes a grant out. A second taking ends everything that came of the first.</summary>
    public async Task<UserGrant?> TakeAsync(string type, string handle, string clientId)
    {
        var key = Handles.Hash(type, handle);
        var stored = await store.GetAsync(key);
        if (stored is null)
        {
            if (await ledger.FindUseAsync(key) is { } earlier && earlier.ClientId == clientId)
            {
                // The first taker may still be making tokens, which this ending would miss: a second mark has it end them itself.
                if (await ledger.IsOnlyUseAsync(key))
                    await ledger.TryUseAsync(earlier);
                await EndFamilyAsync(earlier);
            }

            return null;
        }

        // Another client's finds nothing and spoils nothing.
        if (stored.Type != type || stored.ClientId != clientId)
            return null;

        var use = UseOf(stored);
        if (!await ledger.TryUseAsync(use))
        {
            await EndFamilyAsync(use);
            return null;
        }

        await store.RemoveAsync(key);
        return stored.Expiration <= clock.GetUtcNow().UtcDateTime ? null : Open(stored);
    }

    /// <summary>Whether, after new tokens were stored, the taking is still the only one. If not, they end too.</summary>
    public async Task<bool> ConfirmAsync(string type, string handle, UserGrant grant)
    {
        var key = Handles.Hash(type, handle);
        if (await ledger.IsOnlyUseAsync(key))
            return true;
        await EndFamilyAsync(new Use(key, grant.SubjectId, grant.ClientId, grant.SessionId, DateTime.MaxValue));
        return false;
    }

    /// <summary>Ends all that one client has of one user's session.</summary>
    public Task EndFamilyAsync(UserGrant grant) => EndAsync(grant.SubjectId, grant.ClientId, grant.SessionId);

    private Task EndFamilyAsync(Use use)
    {
        LogReuse(use.ClientId, use.SubjectId);
        return EndAsync(use.SubjectId, use.ClientId, use.SessionId);
    }

    private Task EndAsync(string subjectId, string clientId, string? sessionId) => store.RemoveAllAsync(new PersistedGrantFilter
    {
        SubjectId = subjectId,
        ClientId = clientId,
        SessionId = sessionId,
        Types = [IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, IdentityServerConstants.PersistedGrantTypes.RefreshToken],
    });

    private static Use UseOf(PersistedGrant stored) =>
        new(stored.Key, stored.SubjectId, stored.ClientId, stored.SessionId, stored.Expiration ?? DateTime.MaxValue);

    /// <summary>The content, or null where it cannot be read.</summary>
    private UserGrant? Open(PersistedGrant stored)
    {
        try
        {
            return JsonSerializer.Deserialize<UserGrant>(_protector.Unprotect(stored.Data));
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            LogUnreadable(error, stored.Type);
            return null;
        }
    }

    [LoggerMessage(6011, LogLevel.Warning, "A code or refresh token of client {ClientId} and user {SubjectId} was used twice; the client's session is ended.")]
    private partial void LogReuse(string clientId, string subjectId);

    [LoggerMessage(6012, LogLevel.Error, "A stored {Type} cannot be opened. Was the master key of data protection changed?")]
    private partial void LogUnreadable(Exception error, string type);
}
