using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Workers;

namespace SecureShop.Mail;

/// <summary>Mail that a service sends.</summary>
public static class MailServices
{
    /// <summary>The <see cref="Outbox"/> in the schema of <typeparamref name="TContext"/>, and who empties it. The service has data protection.</summary>
    public static void AddMail<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<MailOptions, MailOptions.Validator>(MailOptions.Section);
        var services = builder.Services;
        services.AddSingleton<LetterSeal>();
        services.AddCommitSignal<TContext, MailRow>();
        services.AddScoped<Outbox>(provider => new(
            provider.GetRequiredService<TContext>(), provider.GetRequiredService<LetterSeal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SmtpMailer>();
        services.AddHostedService<MailDispatcher>();
    }

    /// <summary>Adds the table <c>mails</c> to a model.</summary>
    public static void MapMail(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Entity<MailRow>().ToTable("mails");
    }
}
