using System.Text;

namespace SecureShop.SystemTests.Support;

/// <summary>What this process, and AppHost inside it, writes to its console from now on.</summary>
internal sealed class ConsoleRecorder
{
    private readonly StringBuilder said = new();

    public ConsoleRecorder()
    {
        var writer = TextWriter.Synchronized(new StringWriter(said));
        Console.SetOut(writer);
        Console.SetError(writer);
    }

    /// <summary>Gives the console back.</summary>
    /// <returns>All that was said.</returns>
    public string[] Stop()
    {
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Console.SetError(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });
        return said.ToString().Split(Environment.NewLine);
    }
}
