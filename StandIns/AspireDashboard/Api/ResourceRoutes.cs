using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>What the host runs, and telling it what to do.</summary>
internal sealed class ResourceRoutes(IResourceHost host)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/resources", ListAsync);
        routes.MapGet("/api/resources/{name}", ShowAsync);
        routes.MapPost("/api/resources/{name}/{command}", CommandAsync);
    }

    private Task ListAsync(HttpContext context) => new QueryReader(context.Request).Problem is { } problem
        ? Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem)
        : Answer.JsonAsync(context, new ResourcesAnswer([.. host.Resources.Select(Shape)]), DashboardJson.Default.ResourcesAnswer);

    private Task ShowAsync(HttpContext context)
    {
        if (new QueryReader(context.Request).Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);
        if (Find(context) is not { } resource)
            return Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
        var environment = host.EnvironmentOf(resource.Name).Select(variable => new VariableAnswer(variable.Name, variable.Value, variable.Value is null));
        return Answer.JsonAsync(context, Shape(resource) with { Environment = [.. environment] }, DashboardJson.Default.ResourceAnswer);
    }

    private async Task CommandAsync(HttpContext context)
    {
        if (Find(context) is not { } resource || CommandOf(context.GetRouteValue("command") as string) is not { } command)
        {
            await Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        if (await host.ExecuteAsync(resource.Name, command, context.RequestAborted) is { } refusal)
            await Answer.ProblemAsync(context, StatusCodes.Status409Conflict, refusal);
        else
            await Answer.JsonAsync(context, new Taken(), DashboardJson.Default.Taken, StatusCodes.Status202Accepted);
    }

    private ResourceSnapshot? Find(HttpContext context) =>
        host.Resources.FirstOrDefault(resource => string.Equals(resource.Name, context.GetRouteValue("name") as string, StringComparison.Ordinal));

    private static ResourceCommand? CommandOf(string? name) => name switch
    {
        "start" => ResourceCommand.Start,
        "stop" => ResourceCommand.Stop,
        "restart" => ResourceCommand.Restart,
        _ => null,
    };

    private static string NameOf(ResourceCommand command) => command switch
    {
        ResourceCommand.Start => "start",
        ResourceCommand.Stop => "stop",
        _ => "restart",
    };

    private static ResourceAnswer Shape(ResourceSnapshot resource) => new(
        resource.Name,
        resource.Kind,
        resource.State,
        resource.Restarts,
        UnixTime.From(resource.StartedAt),
        resource.ReadyAfter?.TotalMilliseconds,
        resource.LastProblem,
        resource.WaitsFor,
        [.. resource.Endpoints.Select(endpoint => new EndpointAnswer(endpoint.Name, endpoint.Address, endpoint.External, IsLink(endpoint.Address)))],
        [.. resource.Replicas.Select(replica => new ReplicaAnswer(replica.Name, replica.State, replica.ProcessId, UnixTime.From(replica.StartedAt), replica.ExitCode))],
        [.. resource.Commands.Select(NameOf)]);

    // Only what is surely a web address becomes a link: never javascript: or another scheme.
    private static bool IsLink(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
