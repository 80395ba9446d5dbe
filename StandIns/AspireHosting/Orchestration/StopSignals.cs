using System.Runtime.InteropServices;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Turns the first Ctrl+C, SIGTERM or hang-up into a cancellation; a second Ctrl+C ends this process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // The second one is left to the runtime, which ends the process; the guard then ends the children.
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
