namespace SecureShop.Identity.Web;

/// <summary>What browsers keep or carry for us and can neither read nor change. It is good for a while.</summary>
internal sealed class Sealed<T>(IDataProtectionProvider protection, string purpose, TimeSpan lifetime)
    where T : class
{
    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector(purpose).ToTimeLimitedDataProtector();

    public string Close(T content) => seal.Protect(JsonSerializer.Serialize(content), lifetime);

    /// <summary>The content; null where there is none, or it has expired, or is none of ours.</summary>
    public T? Open(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize<T>(seal.Unprotect(text));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
