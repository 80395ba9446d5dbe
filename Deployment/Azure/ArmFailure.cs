using System.Text.Json;
using Azure.Core;

namespace SecureShop.Deployment;

/// <summary>An error of Azure Resource Manager's, as one sentence that says what to do.</summary>
internal static class ArmFailure
{
    public static ArmException Of(HttpMessage message, byte[] content, string purpose, bool confidential)
    {
        var (code, text) = Read(content);
        var status = message.Response.Status;
        var said = text.Length == 0 || confidential ? code : $"{code}: {text}";
        return new ArmException(
            status, $"Cannot {purpose}: {Mend(status, code, message.Request.Uri.Path)} (HTTP {status}{(said.Length == 0 ? "" : $", {said}")}; request {message.Request.ClientRequestId}).");
    }

    private static string Mend(int status, string code, string path) => (status, code) switch
    {
        (_, "SubscriptionNotFound" or "InvalidSubscriptionId") =>
            "the account that is signed in does not see this subscription; set the right AZURE_SUBSCRIPTION_ID, or run 'azd auth login' with the right account",
        (401, _) => "the sign-in has expired or is for another tenant; run 'azd auth login', then the same command again",
        (_, "RequestDisallowedByPolicy") => "a policy of the organisation forbids it; ask those who run the subscription for an exemption",
        (403, _) => $"the account that is signed in lacks the role {RoleFor(path)}; have it assigned on the resource group, wait a few minutes and run the same command again",
        (404, _) => "it is not there; run 'azd provision' first, and compare the names with 'azd env get-values'",
        (409, _) => "somebody else is changing it at this moment; wait a minute and run the same command again",
        (429, _) => "Azure asks for fewer requests; wait a few minutes and run the same command again",
        ( >= 500, _) => "Azure has a fault of its own; wait a few minutes and run the same command again",
        _ => "Azure refuses it; mend what it names, or report it to Azure with the request's number",
    };

    private static string RoleFor(string path) =>
        path.Contains("/Microsoft.KeyVault/", StringComparison.OrdinalIgnoreCase) ? "Key Vault Contributor"
        : path.Contains("/jobs/", StringComparison.OrdinalIgnoreCase) ? "Container Apps Jobs Operator"
        : "Container Apps Contributor";

    private static (string Code, string Text) Read(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.TryGetProperty("error", out var error)
                ? (Member(error, "code"), Member(error, "message"))
                : ("", "");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A proxy's page, say: the status alone has to do.
            return ("", "");
        }
    }

    private static string Member(JsonElement error, string name) => error.TryGetProperty(name, out var value) ? OneLine.Of(value.GetString()) : "";
}

/// <summary>Azure Resource Manager has answered by an error.</summary>
internal sealed class ArmException(int status, string message) : DeploymentException(message)
{
    public int Status { get; } = status;
}
