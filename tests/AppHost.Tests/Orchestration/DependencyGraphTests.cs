using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class DependencyGraphTests
{
    [Fact]
    public void Parts_are_ordered_by_who_waits_for_whom()
    {
        using var model = new Model();
        var builder = model.Builder;
        var gateway = builder.AddProject<Model.Child>("gateway");
        var catalog = builder.AddProject<Model.Child>("catalog");
        var job = builder.AddProject<Model.Child>("job");
        var postgres = builder.AddPostgres("postgres");
        var shop = postgres.AddDatabase("shop");
        var redis = builder.AddRedis("redis");
        gateway.WaitFor(catalog);
        catalog.WaitForCompletion(job).WaitFor(redis).WaitFor(builder.AddConnectionString("login", ReferenceExpression.Create($"{shop}")));
        job.WaitFor(shop);

        var graph = new DependencyGraph([.. builder.Resources]);

        Assert.Equal([["postgres", "redis"], ["job"], ["catalog"], ["gateway"]], graph.Levels.Select(level => level.Select(node => node.Name)));
        Assert.Equal(["job"], graph.Nodes.Where(node => node.IsJob).Select(node => node.Name));
    }

    [Fact]
    public void A_circle_is_refused()
    {
        using var model = new Model();
        var a = model.Builder.AddProject<Model.Child>("a");
        var b = model.Builder.AddProject<Model.Child>("b").WaitFor(a);
        a.WaitFor(b);

        Assert.Throws<InvalidOperationException>(() => new DependencyGraph([.. model.Builder.Resources]));
    }
}
