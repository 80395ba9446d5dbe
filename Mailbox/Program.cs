using SecureShop.Mailbox;
using SecureShop.ServiceDefaults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Documents;
using SecureShop.ServiceDefaults.Pages;
using SecureShop.ServiceDefaults.Settings;

// The mail of a local run: takes what Identity sends, by SMTP, and shows it on a page. No part of a deployment.
var builder = WebApplication.CreateBuilder(args);

builder.AddErrorPages();
builder.AddServiceDefaults();
builder.AddAccessRules();
builder.AddApiDocument("Mailbox", "The mail of a local run.");
builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
builder.AddValidatedOptions<MailboxOptions, MailboxOptions.Validator>(MailboxOptions.Section);
builder.Services.AddSingleton<Inbox>();
builder.Services.AddSingleton<SmtpDoor>();
builder.Services.AddHostedService(services => services.GetRequiredService<SmtpDoor>());

var app = builder.Build();

app.UseLoopbackOnly();
app.UseServiceDefaults();

app.MapServiceDefaults();
app.MapInbox();
app.VerifyAccessRules();
await app.RunAsync();
