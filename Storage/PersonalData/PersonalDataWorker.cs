using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.PersonalData;

/// <summary>
/// Asks Identity what people want of this service, does it, and answers. A part stays open until its answer is kept: what a crash or an outage left
/// is found at the next look, by whichever replica, and done again, which changes nothing where it was done.
/// </summary>
internal sealed partial class PersonalDataWorker(
    IServiceScopeFactory scopes, SecurityLog security, TimeProvider clock, IOptions<PersonalDataOptions> options, ILogger<PersonalDataWorker> logger)
    : PeriodicWorker(DatabaseTask.PersonalData, options.Value.Interval, clock)
{
    // What one look goes through at most: ten thousand parts.
    private const int MaxPages = 100;

    // Of a person's export and erasure that failed here, when to try again; of no more than are open.
    private Dictionary<Guid, (int Failures, DateTimeOffset Until)> waiting = [];

    /// <summary>Looks once, and says how many parts it has answered.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<PersonalDataClient>();
        var still = new Dictionary<Guid, (int Failures, DateTimeOffset Until)>();
        var (done, after, pages) = (0, (string?)null, 0);
        do
        {
            var page = await identity.ListAsync(after, cancellationToken);
            foreach (var part in page.Items)
            {
                var before = waiting.GetValueOrDefault(part.Id);
                if (before.Until > Clock.GetUtcNow())
                    still[part.Id] = before;
                else if (await TryAsync(identity, part, cancellationToken))
                    done++;
                else
                    still[part.Id] = (before.Failures + 1, Clock.GetUtcNow() + options.Value.DelayAfter(before.Failures + 1));
            }

            after = page.Next;
        }
        while (after is not null && ++pages < MaxPages);

        // What is no more open is forgotten.
        waiting = still;
        return done;
    }

    /// <summary>Identity may be away for a while; what people asked for waits there.</summary>
    protected override void LogFailure(Exception failure) => PersonalLookFailed(failure);

    private async Task<bool> TryAsync(PersonalDataClient identity, PersonalPartResponse part, CancellationToken cancellationToken)
    {
        try
        {
            // What one person's data left in a context is not there for the next.
            await using var scope = scopes.CreateAsyncScope();
            var answered = await CarryOutAsync(identity, scope.ServiceProvider.GetRequiredService<IPersonalData>(), part, cancellationToken);
            PersonalDataMetrics.Tried(part.Kind, answered ? "done" : "put_off");
            return answered;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            PersonalDataMetrics.Tried(part.Kind, "failed");
            PersonalPartFailed(part.Kind, part.Id, failure);
            return false;
        }
    }

    private async Task<bool> CarryOutAsync(PersonalDataClient identity, IPersonalData data, PersonalPartResponse part, CancellationToken cancellationToken)
    {
        switch (part.Kind)
        {
            case PersonalDataClient.Export:
                var copy = PersonalDataClient.Write(await data.ExportAsync(part.Subject, cancellationToken));

                // Before it leaves: who has it and no answer arrived is known too.
                security.ForCurrentRequest().PersonalDataExported(part.Subject);
                await identity.AnswerAsync(part.Id, copy, cancellationToken);
                return true;
            case PersonalDataClient.Erase:
                if (!await data.EraseAsync(part.Subject, cancellationToken))
                    return false;
                security.ForCurrentRequest().PersonalDataErased(part.Subject);
                await identity.AnswerErasedAsync(part.Id, cancellationToken);
                return true;
            default:
                throw new InvalidOperationException("Identity asks for what this service does not know.");
        }
    }

    [LoggerMessage(4151, LogLevel.Error, "What a person asked for could not be done ({Kind} of {Request}); it is tried again.")]
    private partial void PersonalPartFailed(string kind, Guid request, Exception failure);

    [LoggerMessage(4152, LogLevel.Error, "What people ask for could not be looked at; it is looked at again.")]
    private partial void PersonalLookFailed(Exception failure);
}
