namespace SecureShop.Identity.Factors;

/// <summary>A recovery code that is left: the row goes with the use.</summary>
[PrimaryKey(nameof(UserId), nameof(Hash))]
internal sealed class RecoveryCodeRow
{
    public Guid UserId { get; set; }

    public required byte[] Hash { get; set; }
}
