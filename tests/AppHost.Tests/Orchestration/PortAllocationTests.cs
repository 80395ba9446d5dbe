using System.Net;
using System.Net.Sockets;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.Orchestration;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class PortAllocationTests
{
    [Fact]
    public void A_busy_port_is_told_in_one_sentence_with_the_mend()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var model = new Model();
        model.Builder.AddProject<Model.Child>("gateway").WithHttpsEndpoint(port, name: "shop");

        var problem = Assert.Throws<HostingException>(() => PortAllocation.Allocate(model.Builder.Resources));
        Assert.Equal(
            $"Port {port}, which gateway (shop) needs, is in use by another program: stop that one, or choose another port with --Ports:Shop N.",
            problem.Message);
    }

    [Fact]
    public void A_port_wanted_twice_is_refused()
    {
        var port = LoopbackPort.Free();
        using var model = new Model();
        model.Builder.AddProject<Model.Child>("gateway").WithHttpsEndpoint(port, name: "shop").WithHttpsEndpoint(port, name: "identity");

        Assert.Contains("wanted twice", Assert.Throws<HostingException>(() => PortAllocation.Allocate(model.Builder.Resources)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replicas_cannot_share_an_address_that_nothing_stands_in_front_of()
    {
        using var model = new Model();
        model.Builder.AddProject<Model.Child>("gateway").WithHttpsEndpoint(LoopbackPort.Free(), isProxied: false).WithReplicas(2);

        Assert.Throws<InvalidOperationException>(() => PortAllocation.Allocate(model.Builder.Resources));
    }

    [Fact]
    public void A_busy_port_of_the_dashboard_is_told_with_the_mend()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var pages = Assert.Throws<HostingException>(() => PortAllocation.Allocate([], new(port, null)));
        Assert.Equal(
            $"Port {port}, which the dashboard needs, is in use by another program: stop that one, or choose another port with --Ports:Dashboard N, or start without it by --no-dashboard.",
            pages.Message);
        var receiver = Assert.Throws<HostingException>(() => PortAllocation.Allocate([], new(LoopbackPort.Free(), port)));
        Assert.Contains("--Ports:Otlp N", receiver.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dashboard_does_not_take_the_port_of_a_part_and_its_receiver_gets_one_of_its_own()
    {
        var port = LoopbackPort.Free();
        using var model = new Model();
        model.Builder.AddProject<Model.Child>("gateway").WithHttpsEndpoint(port, name: "shop");

        var problem = Assert.Throws<HostingException>(() => PortAllocation.Allocate(model.Builder.Resources, new(port, null)));
        Assert.StartsWith($"Port {port} is wanted twice, here for the dashboard:", problem.Message, StringComparison.Ordinal);
        var ports = PortAllocation.Allocate(model.Builder.Resources, new(LoopbackPort.Free(), null));
        Assert.NotNull(ports.Otlp);
        Assert.DoesNotContain(ports.Otlp.Value, new[] { ports.Pages, port });
    }
}
