using Microsoft.Extensions.DependencyInjection;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost;

/// <summary>The mail server of a local run, with what its sender has to show.</summary>
internal sealed record LocalMail(IResourceBuilder<ProjectResource> Resource, IResourceBuilder<ParameterResource> Password)
{
    public const string User = "identity";
}

internal static class LocalMailExtensions
{
    /// <summary>A mailbox whose page shows what Identity has sent. By SMTP over TLS and with a password, as a deployment's mail server.</summary>
    public static LocalMail AddMailbox(this IDistributedApplicationBuilder builder, IResourceBuilder<ParameterResource> password)
    {
        var mailbox = builder.AddProject<Projects.Mailbox>("mailbox").AsBuilt().WithQuickStop()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithHttpsEndpoint(isProxied: false)
            .WithEndpoint(name: "smtp", scheme: "tcp", isProxied: false)
            .WithHttpHealthCheck("/health/ready", endpointName: "https")
            .WithIconName("Mail");
        mailbox
            .WithEnvironment("Mailbox__Port", mailbox.GetEndpoint("smtp").Property(EndpointProperty.TargetPort))
            .WithEnvironment("Mailbox__User", LocalMail.User)
            .WithEnvironment("Mailbox__Password", password)
            .WithEnvironment(context =>
            {
                var certificate = context.ExecutionContext.Services.GetRequiredService<CertificateFiles>();
                context.EnvironmentVariables["Mailbox__Certificate"] = certificate.CertificatePath;
                context.EnvironmentVariables["Mailbox__Key"] = certificate.KeyPath;
            });
        return new(mailbox, password);
    }

    /// <summary>Has <paramref name="service"/> send by the mailbox.</summary>
    public static IResourceBuilder<ProjectResource> WithMailbox(this IResourceBuilder<ProjectResource> service, LocalMail mail)
    {
        var smtp = mail.Resource.GetEndpoint("smtp");
        return service
            .WithEnvironment("Mail__Server", smtp.Property(EndpointProperty.Host))
            .WithEnvironment("Mail__Port", smtp.Property(EndpointProperty.Port))
            .WithEnvironment("Mail__Security", "StartTls")
            .WithEnvironment("Mail__From", "SecureShop <accounts@secureshop.example>")
            .WithEnvironment("Mail__User", LocalMail.User)
            .WithEnvironment("Mail__Password", mail.Password)
            .WaitFor(mail.Resource);
    }
}
