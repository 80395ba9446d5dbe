using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Storage.Outbox;

/// <summary>Carries out the messages of some kinds.</summary>
public interface IOutboxHandler
{
    /// <summary>
    /// Does what <paramref name="message"/> asks for, and removes it in the transaction of what comes of that; or puts it off
    /// (<see cref="OutboxMessages.PutOff"/>). What it throws is one more failure of the message.
    /// </summary>
    /// <param name="message">Tracked by the scope's context, and leased.</param>
    /// <param name="cancellationToken">The service stops.</param>
    Task CarryOutAsync(OutboxMessage message, CancellationToken cancellationToken);
}

/// <summary>Makes messages, and says when they are tried again.</summary>
public sealed class OutboxMessages(TimeProvider clock, IOptions<OutboxOptions> options)
{
    /// <summary>
    /// A message to store with the change that asks for it. It belongs to its maker for a while, who may carry it out at once; of a maker who
    /// dies it is taken over.
    /// </summary>
    public OutboxMessage New(string kind, Guid subject)
    {
        var now = clock.GetStoredNow();
        var message = new OutboxMessage { Id = Guid.CreateVersion7(now), Kind = kind, Subject = subject, CreatedAt = now };
        message.Lease(now + options.Value.Lease);
        return message;
    }

    /// <summary>Takes <paramref name="message"/>, unless it belongs to somebody or waits. The save that follows says whether it was still so.</summary>
    public bool TryLease(OutboxMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = clock.GetStoredNow();
        if (message.ParkedAt is not null || message.IsLeased(now))
            return false;
        message.Lease(now + options.Value.Lease);
        return true;
    }

    /// <summary>To be tried again later; <paramref name="failed"/> where it cannot be said that simply nobody answers.</summary>
    public void PutOff(OutboxMessage message, bool failed)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.PutOff(clock.GetStoredNow() + options.Value.DelayAfter(message.Attempts + 1), failed);
    }

    /// <summary>How long whoever waits for <paramref name="message"/> had better wait.</summary>
    public TimeSpan Wait(OutboxMessage? message) => options.Value.DelayAfter(message?.Attempts ?? 0);
}

/// <summary>Gives a service an outbox in its own schema.</summary>
public static class OutboxTable
{
    /// <summary>Carries out the messages in the schema of <typeparamref name="TContext"/>.</summary>
    public static void AddOutbox<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<OutboxOptions, OutboxOptions.Validator>(OutboxOptions.Section);
        builder.Services.AddSingleton<OutboxMessages>();
        builder.Services.AddSingleton<OutboxDispatcher<TContext>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OutboxDispatcher<TContext>>());
    }

    /// <summary>Has <typeparamref name="THandler"/>, a service of the scope, carry out messages of <paramref name="kinds"/>.</summary>
    public static void AddOutboxHandler<THandler>(this IServiceCollection services, params IEnumerable<string> kinds)
        where THandler : class, IOutboxHandler
    {
        ArgumentNullException.ThrowIfNull(kinds);
        foreach (var kind in kinds)
            services.AddKeyedScoped<IOutboxHandler>(kind, (provider, _) => provider.GetRequiredService<THandler>());
    }

    /// <summary>Adds the table to a model.</summary>
    public static void MapOutbox(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new OutboxMapping());
    }
}
