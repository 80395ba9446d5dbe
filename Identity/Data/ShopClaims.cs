namespace SecureShop.Identity.Data;

/// <summary>Claim names as they stand in tokens.</summary>
internal static class ShopClaims
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Role = "role";
    public const string Email = "email";
}
