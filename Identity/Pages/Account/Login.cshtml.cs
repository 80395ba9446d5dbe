using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account;

/// <summary>Sign-in by e-mail address and password; and for who is signed in already, the question as whom to go on.</summary>
internal sealed class LoginModel(
    SignIn signIn, ShopSessions sessions, PendingSignIn pending, IAuthorizationRequests requests, RequestMarks marks, UserManager<ShopUser> users,
    SecurityLog security) : SignInPageModel(requests, security)
{
    public const int MaxEmail = EmailAddress.MaxLength;

    /// <summary>Under which name another page leaves the address that somebody has just typed there (<see cref="PageModel.TempData"/>).</summary>
    public const string EmailNote = "email";

    [BindProperty]
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [MaxCharacters(MaxEmail, ErrorMessage = "That is no e-mail address.")]
    public string Email { get; set; } = "";

    [BindProperty]
    [Required(ErrorMessage = "Enter your password.")]
    [PossiblePassword(ErrorMessage = "That is too long for a password.")]
    public string Password { get; set; } = "";

    public string? ClientName => ClientRequest?.Client.Name;

    /// <summary>Whether who is signed in is asked as whom to go on, instead of for a password.</summary>
    public bool Chooses { get; private set; }

    /// <summary>Whether who is signed in has to show once more that it is them.</summary>
    public bool Confirms { get; private set; }

    public async Task<IActionResult> OnGetAsync(bool expired = false, bool other = false)
    {
        await ReadRequestAsync();
        FormExpired = expired;
        ModelState.Clear();
        if (ShopSession.Of(User) is { } session && !other)
        {
            var next = Next(session, expired);
            if (next is not null)
                return next;
            var account = await users.FindByIdAsync(session.Subject);
            (Confirms, Email) = (!Chooses, account?.Email ?? "");
        }

        if (Chooses)
            return Page();

        // Any text can be a hint; only what may be an address is one of those that this form is for.
        if (ClientRequest?.LoginHint is { } hint && EmailAddress.IsValid(hint))
            Email = hint;
        Email = TempData[EmailNote] as string ?? Email;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadRequestAsync();
        if (!ModelState.IsValid)
            return Page();

        var outcome = await signIn.AttemptAsync(HttpContext, Email, Password, cancellationToken);
        if (outcome.RetryAfter is { } wait)
        {
            Fault = $"{Response.TooMany(wait)} In a browser where you have signed in before, by a passkey, or by choosing a new password, you get in at once.";
            return Page();
        }

        if (outcome.User is not { } user)
        {
            Fault = "That e-mail address and password do not match.";
            return Page();
        }

        if (user.TwoFactorEnabled)
            return pending.Begin(HttpContext, user, ReturnUrl);
        await sessions.SignInAsync(HttpContext, user, [Amr.Password], cancellationToken);
        return SignedIn(user);
    }

    /// <summary>Goes on as who is signed in.</summary>
    public async Task<IActionResult> OnPostContinueAsync()
    {
        await ReadRequestAsync();
        if (ClientRequest is { Needs: Interaction.ChooseAccount } request && ShopSession.Of(User) is { } session)
            marks.Answer(HttpContext, request, mark => mark with { ChosenBy = session.Id });
        return GoOn();
    }

    /// <summary>Where somebody who is signed in goes on to at once; null where this page has a question, and <see cref="Chooses"/> says which.</summary>
    private IActionResult? Next(ShopSession session, bool expired)
    {
        switch (ClientRequest?.Needs)
        {
            case Interaction.SignIn:
                return null;
            case Interaction.SecondFactor:
                return new LocalRedirectResult(QueryHelpers.AddQueryString(PendingSignIn.Path, "returnUrl", ReturnUrl!));
            case null when ReturnUrl is not null && !IPageGate.IsFresh(HttpContext, session):
                return null;
            case null when ReturnUrl is null && !expired:
            case Interaction.ChooseAccount:
                Chooses = true;
                return null;
            default:
                return GoOn();
        }
    }
}
