namespace SecureShop.Deployment;

/// <summary>Finds the command, runs it, and turns what goes wrong into one sentence and an exit code.</summary>
internal sealed class CommandLine(AzdSettings settings, Func<ArmClient> connect, TimeProvider clock, TextReader input, TextWriter output, TextWriter errors)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        try
        {
            await Find(args)(cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await errors.WriteLineAsync("Stopped; run the same command again to go on: what was done stays done, and what Azure has begun goes on there.");
            return 1;
        }
        catch (DeploymentException problem)
        {
            await errors.WriteLineAsync(problem.Message);
            return problem is UsageException ? 2 : 1;
        }
    }

    private Func<CancellationToken, Task> Find(IReadOnlyList<string> args) => args switch
    {
        ["--help" or "-h" or "-?" or "help"] => Show(Help.General),
        ["secrets", "--help" or "-h" or "-?"] => Show(Help.Secrets),
        ["rotate", "--help" or "-h" or "-?"] => Show(Help.Rotate),
        ["store", "--help" or "-h" or "-?"] => Show(Help.Store),
        ["migrate", "--help" or "-h" or "-?"] => Show(Help.Migrate),
        ["retire", "--help" or "-h" or "-?"] => Show(Help.Retire),
        ["secrets"] => new MakeSecrets(Vault(), output).RunAsync,
        ["rotate", var name] => cancellation => new RotateSecret(Vault(), output).RunAsync(name, cancellation),
        ["store", var name] => cancellation => new StoreSecret(Vault(), input, output).RunAsync(name, cancellation),
        ["migrate"] => new DatabaseJob(connect(), settings, clock, output).RunAsync,
        ["retire"] => new RetireRevisions(connect(), settings, clock, output).RunAsync,
        ["store"] => throw new UsageException("Say which secret: store NAME < FILE, with a name that the vault knows."),
        ["rotate"] => throw new UsageException("Say which secret: rotate NAME, with a name that 'secrets' lists."),
        ["secrets" or "migrate" or "retire" or "rotate" or "store", ..] => throw new UsageException($"That is more than '{args[0]}' takes; '{args[0]} --help' explains it."),
        [var unknown, ..] => throw new UsageException($"'{OneLine.Of(unknown)}' is not a command; --help lists them."),
        [] => throw new UsageException("Say what to do: secrets, rotate NAME, store NAME, migrate or retire; --help explains them."),
    };

    private Vault Vault() => new(connect(), settings, clock);

    private Func<CancellationToken, Task> Show(string help) => cancellation => output.WriteLineAsync(help.AsMemory(), cancellation);
}
