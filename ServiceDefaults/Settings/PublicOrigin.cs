namespace SecureShop.ServiceDefaults;

/// <summary>What every origin that the world sees is held to: https and a host, a port perhaps, and neither path nor slash.</summary>
public static class PublicOrigin
{
    /// <summary>Compared as text: an issuer and an Origin header are, and what differs in writing would not match.</summary>
    public static bool IsValid(string? text)
        => Uri.TryCreate(text, UriKind.Absolute, out var origin)
            && origin.Scheme == Uri.UriSchemeHttps && origin.UserInfo.Length == 0 && origin.GetLeftPart(UriPartial.Authority) == text;
}
