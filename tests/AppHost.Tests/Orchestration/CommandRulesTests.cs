using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting.Orchestration;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class CommandRulesTests
{
    [Theory]
    [InlineData(nameof(ResourceState.Waiting), ResourceCommand.Start, "catalog waits for others; try again when it runs.")]
    [InlineData(nameof(ResourceState.Starting), ResourceCommand.Stop, "catalog is starting; try again when it runs.")]
    [InlineData(nameof(ResourceState.Stopping), ResourceCommand.Restart, "catalog is stopping; try again when it has stopped.")]
    [InlineData(nameof(ResourceState.Healthy), ResourceCommand.Start, "catalog runs already.")]
    [InlineData(nameof(ResourceState.Stopped), ResourceCommand.Restart, "catalog is stopped; it can be started.")]
    [InlineData(nameof(ResourceState.Finished), ResourceCommand.Restart, "catalog has ended; start it to run it once more.")]
    public void A_command_that_does_not_fit_is_refused_with_the_reason(string state, ResourceCommand command, string sentence) =>
        Assert.Equal(sentence, CommandRules.Refusal("catalog", Enum.Parse<ResourceState>(state), command));

    [Fact]
    public void What_is_offered_is_taken_and_nothing_else()
    {
        foreach (var state in Enum.GetValues<ResourceState>())
        {
            foreach (var command in Enum.GetValues<ResourceCommand>())
                Assert.Equal(CommandRules.Allowed(state).Contains(command), CommandRules.Refusal("catalog", state, command) is null);
        }
    }

    [Fact]
    public void On_its_way_to_another_state_it_takes_nothing() => Assert.All(
        [ResourceState.Waiting, ResourceState.Starting, ResourceState.Stopping], state => Assert.Empty(CommandRules.Allowed(state)));
}
