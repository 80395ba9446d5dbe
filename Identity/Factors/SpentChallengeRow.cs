namespace SecureShop.Identity.Factors;

/// <summary>A challenge that a passkey has answered, kept for as long as the answer would otherwise be good.</summary>
[Index(nameof(ExpiresAt))]
internal sealed class SpentChallengeRow
{
    public Guid Id { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}
