using SecureShop.Mail;

namespace SecureShop.Identity.Mail;

/// <summary>
/// What the shop writes to people: short, plain text, and nothing in it that somebody typed. A name chosen at registration would let
/// strangers send words of their own, in our name, to whomever they like. Each goes with what the caller saves.
/// </summary>
internal sealed class Letters(Outbox outbox, IOptions<IssuerOptions> issuer)
{
    // The configured one: a forged Host header must not lead somebody with their token elsewhere.
    private string Origin => issuer.Value.Issuer;

    /// <summary>To whoever is said to have registered.</summary>
    public void ConfirmAddress(ShopUser user, string token) => Send(user.Email!, "Confirm your e-mail address", $"""
        Somebody, probably you, made a SecureShop account with this address.

        To confirm it and sign in, open this link within a day. You will be asked for the password that you chose:

        {Link("confirm-email", ("id", $"{user.Id}"), ("token", token))}

        If it was not you, do nothing: without this link the account cannot be used.
        """);

    /// <summary>To the owner of an account, when somebody registers or wants to use its address again.</summary>
    public void AddressInUse(string to) => Send(to, "You already have an account", $"""
        Somebody, perhaps you, tried to make or change a SecureShop account with this address. It has an account already, and nothing about that was changed.

        Sign in: {Origin}/account/login
        Forgotten the password? {Origin}/account/forgotten-password

        If it was not you, there is nothing that you have to do.
        """);

    /// <summary>To the owner of an account, at the wish of anybody.</summary>
    public void ResetPassword(ShopUser user, string token) => Send(user.Email!, "Choose a new password", $"""
        Somebody, probably you, has forgotten the password of the SecureShop account with this address.

        To choose a new one, open this link within an hour. It works once, and signs you out everywhere else:

        {Link("reset-password", ("id", $"{user.Id}"), ("token", token))}

        If it was not you, do nothing: your password stays as it is.
        """);

    public void PasswordChanged(string to) => Send(to, "Your password was changed", $"""
        The password of your SecureShop account was changed, and other devices were signed out.

        If it was not you, somebody else is in your account. Choose a new password now, which signs them out: {Origin}/account/forgotten-password
        """);

    /// <summary>To the address that somebody who is signed in wants to use from now on.</summary>
    public void ConfirmNewAddress(string to, string token) => Send(to, "Confirm your new e-mail address", $"""
        Somebody, probably you, wants to use this address for their SecureShop account from now on.

        To confirm it, open this link within a day, in the browser where you are signed in:

        {Link("email", ("address", to), ("token", token))}

        If it was not you, do nothing: the link works for nobody else.
        """);

    /// <summary>To the address that was used before.</summary>
    public void AddressChanged(string to) => Send(to, "Your e-mail address was changed", """
        Your SecureShop account now uses another e-mail address. Letters no longer go to this one, and it no longer signs you in.

        If it was not you, somebody else is in your account: write to the shop at once.
        """);

    public void FactorAdded(string to, string factor) => Send(to, $"{Name(factor)} was added to your account", $"""
        {Name(factor)} was added to your SecureShop account: it now opens with it.

        If it was not you, somebody else is in your account. Choose a new password now, then remove it: {Origin}/account/security
        """);

    public void FactorRemoved(string to, string factor) => Send(to, $"{Name(factor)} was removed from your account", $"""
        {Name(factor)} no longer opens your SecureShop account.

        If it was not you, somebody else is in your account. Choose a new password now: {Origin}/account/forgotten-password
        """);

    public void RecoveryCodesMade(string to) => Send(to, "You have new recovery codes", $"""
        New recovery codes were made for your SecureShop account. Earlier ones no longer work.

        If it was not you, somebody else is in your account. Choose a new password now: {Origin}/account/forgotten-password
        """);

    /// <summary>To the owner of an account whose password somebody has shown, and then too many wrong codes.</summary>
    public void SecondFactorTried(string to) => Send(to, "Somebody has your password", $"""
        Somebody has signed in to your SecureShop account with the right password, and then tried several wrong codes. They did not get in.

        If it was not you, your password is known to somebody else. Choose a new one now: {Origin}/account/forgotten-password
        """);

    public void ApiKeyMade(string to) => Send(to, "You have a new API key", $"""
        A new API key was made for your SecureShop account. A program that has it can act for you.

        If it was not you, somebody else is in your account. Revoke it now: {Origin}/account/keys
        Then choose a new password: {Origin}/account/forgotten-password
        """);

    /// <summary>To whom an administrator has given a role.</summary>
    public void RoleGranted(string to, string role) => Send(to, "You may do more at SecureShop", $"""
        An administrator has given your SecureShop account the role "{role}". Apps know it once you sign in to them again.
        """);

    /// <summary>To whom an administrator has taken a role from.</summary>
    public void RoleTaken(string to, string role) => Send(to, "You may do less at SecureShop", $"""
        An administrator has taken the role "{role}" from your SecureShop account. Apps that you were signed in to ask you to sign in again.
        """);

    public void AccountDisabled(string to) => Send(to, "Your account was disabled", """
        An administrator has disabled your SecureShop account. You are signed out everywhere and cannot sign in; your API keys are refused.

        If you think that is a mistake, write to the shop.
        """);

    public void AccountEnabled(string to) => Send(to, "Your account is open again", $"""
        An administrator has opened your SecureShop account again. Sign in: {Origin}/account/login
        """);

    public void SessionsEnded(string to) => Send(to, "You were signed out everywhere", $"""
        An administrator has ended all sessions of your SecureShop account, and what apps were granted by them. Sign in again: {Origin}/account/login
        """);

    /// <summary>The last letter to somebody: their address goes with it.</summary>
    public void AccountErased(string to) => Send(to, "Your account was erased", """
        Your SecureShop account was erased, as somebody who was signed in to it asked. That cannot be undone; this address is free to register again.

        If it was not you, write to the shop at once.
        """);

    public void Send(string to, string subject, string text) => outbox.Add(to, subject, text + "\n\nSecureShop\n");

    private static string Name(string factor) => factor == FactorName.Passkey ? "A passkey" : "An authenticator app";

    private string Link(string page, params (string Name, string? Value)[] query)
        => QueryHelpers.AddQueryString($"{Origin}/account/{page}", query.Select(part => KeyValuePair.Create(part.Name, part.Value)));
}
