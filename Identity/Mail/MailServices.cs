namespace SecureShop.Identity.Mail;

internal static class MailServices
{
    /// <summary>Letters: what they say, the queue in Postgres, and who sends them.</summary>
    public static void AddMail(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<MailOptions, MailOptions.Validator>(MailOptions.Section);
        var services = builder.Services;
        services.AddSingleton<LetterSeal>();
        services.AddSingleton<MailSignal>();
        services.ConfigureDbContext<IdentityDbContext>((provider, options) => options.AddInterceptors(provider.GetRequiredService<MailSignal>()));
        services.AddScoped<Letters>();
        services.AddSingleton<SmtpMailer>();
        services.AddHostedService<MailDispatcher>();
    }
}
