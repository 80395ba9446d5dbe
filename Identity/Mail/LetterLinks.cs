namespace SecureShop.Identity.Mail;

/// <summary>The addresses in letters. Of the configured origin: a forged Host header must not lead somebody with their token elsewhere.</summary>
internal sealed class LetterLinks(IOptions<IssuerOptions> issuer)
{
    public string ConfirmAddress(Guid account, string token) => Link("confirm-email", ("id", account.ToString()), ("token", token));

    public string ResetPassword(Guid account, string token) => Link("reset-password", ("id", account.ToString()), ("token", token));

    public string ConfirmNewAddress(string address, string token) => Link("email", ("address", address), ("token", token));

    private string Link(string page, params (string Name, string? Value)[] query)
        => QueryHelpers.AddQueryString($"{issuer.Value.Issuer}/account/{page}", query.Select(part => KeyValuePair.Create(part.Name, part.Value)));
}
