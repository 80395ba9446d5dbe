using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.Dashboard.Tests.Otlp;

public sealed class LoadGateTests
{
    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(1_500, 1)]
    [InlineData(2_000, 1)]
    [InlineData(2_100, 2)]
    [InlineData(7_500, 3)]
    [InlineData(1_000_000_000, 10)]
    public void It_narrows_to_what_it_lets_through(int perSecond, int shift)
    {
        var clock = new HandClock();
        var gate = new LoadGate(1_000, clock);
        for (var step = 0; step < 40; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            gate.Arrived(perSecond / 10);
        }

        Assert.Equal(shift, gate.Shift);
    }

    [Fact]
    public void A_burst_is_not_waited_out()
    {
        var gate = new LoadGate(1_000, new HandClock());
        gate.Arrived(2_000);
        Assert.Equal(0, gate.Shift);

        gate.Arrived(8_000);

        Assert.Equal(3, gate.Shift);
    }

    [Fact]
    public void It_opens_again_when_the_load_is_gone()
    {
        var clock = new HandClock();
        var gate = new LoadGate(1_000, clock);
        gate.Arrived(8_000);
        Assert.Equal(2, gate.Shift);
        clock.Advance(TimeSpan.FromSeconds(2));
        gate.Arrived(0);
        Assert.Equal(2, gate.Shift);

        clock.Advance(TimeSpan.FromSeconds(2));
        gate.Arrived(1_000);

        Assert.Equal(0, gate.Shift);
    }

    [Fact]
    public void After_a_pause_it_is_open_at_once()
    {
        var clock = new HandClock();
        var gate = new LoadGate(1_000, clock);
        gate.Arrived(100_000);
        Assert.NotEqual(0, gate.Shift);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, gate.Shift);
    }

    [Fact]
    public void What_passes_a_narrow_gate_passes_every_wider_one()
    {
        var kept = new int[11];
        for (ulong id = 1; id <= 100_000; id++)
        {
            for (var shift = 0; shift <= 10; shift++)
            {
                if (!LoadGate.Keeps(id, shift))
                    break;
                kept[shift]++;
            }
        }

        for (var shift = 0; shift <= 10; shift++)
            Assert.InRange(kept[shift], (100_000 >> shift) * 0.8, (100_000 >> shift) * 1.2);
    }
}
