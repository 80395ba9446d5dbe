using Microsoft.AspNetCore.Mvc.RazorPages;

namespace SecureShop.Identity.Pages.Account.Manage;

/// <summary>Where somebody is signed in, and the end of it.</summary>
internal sealed class SessionsModel(ShopSessions sessions, SecurityLog security) : PageModel
{
    public IReadOnlyList<SessionSummary> Sessions { get; private set; } = [];

    /// <summary>The session that asks.</summary>
    public string Here { get; private set; } = "";

    public string? Done { get; private set; }

    public Task OnGetAsync(CancellationToken cancellationToken) => ShowAsync(Current(), cancellationToken);

    public async Task OnPostEndAsync(string id, CancellationToken cancellationToken)
    {
        var session = Current();
        if (id != session.Id && await sessions.EndAsync(Guid.Parse(session.Subject), id, cancellationToken))
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).SessionEnded(session.Subject);
            Done = "That session has ended, and so has what apps could do through it.";
        }

        await ShowAsync(session, cancellationToken);
    }

    public async Task OnPostOthersAsync(CancellationToken cancellationToken)
    {
        var session = Current();
        await sessions.EndOthersAsync(Guid.Parse(session.Subject), session.Id, cancellationToken);
        Done = "You are signed in here and nowhere else. Apps ask you to sign in again.";
        await ShowAsync(session, cancellationToken);
    }

    /// <summary>How somebody signed in, in words.</summary>
    public static string Words(IEnumerable<string> methods) => string.Join(" and ", methods.Select(method => method switch
    {
        Amr.Password => "password",
        Amr.OneTimePassword => "one-time code",
        Amr.Key => "passkey",
        Amr.RecoveryCode => "recovery code",
        _ => null,
    }).OfType<string>());

    private async Task ShowAsync(ShopSession session, CancellationToken cancellationToken)
    {
        Here = session.Id;
        Sessions = await sessions.ListAsync(Guid.Parse(session.Subject), cancellationToken);
    }

    private ShopSession Current() => ShopSession.Of(User) ?? throw new InvalidOperationException("The folder is open to the signed-in alone.");
}
