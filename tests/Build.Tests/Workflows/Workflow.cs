using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace SecureShop.Build.Tests.Workflows;

/// <summary>What is wrong with a workflow for GitHub, beyond what its schema knows.</summary>
internal static partial class Workflow
{
    // Both give a stranger's change the repository's rights.
    private static readonly string[] Triggers = ["pull_request_target", "workflow_run"];

    public static IEnumerable<string> Problems(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)stream.Documents.Single().RootNode;

        // A tag can be moved to other code after it was read; a commit cannot.
        foreach (var action in Values(root, "uses").Where(action => !action.StartsWith("./", StringComparison.Ordinal)))
        {
            if (!Pinned.IsMatch(action))
                yield return $"{action} is not pinned by a commit";
            else if (!text.Contains($"uses: {action} # v", StringComparison.Ordinal))
                yield return $"{action} does not say its version";
        }

        foreach (var trigger in Triggers.Where(trigger => Get(root, "on") is { } on && Names(on).Contains(trigger, StringComparer.Ordinal)))
            yield return $"it starts on {trigger}";
        if (Get(root, "permissions") is null)
            yield return "it has no permissions of its own";
        foreach (var right in Maps(root).Where(map => Get(map, "permissions") is not null).SelectMany(map => Rights(Get(map, "permissions")!)).Where(right => right is not "contents: read" and not "id-token: write"))
            yield return $"it has the right {right}";

        // What somebody typed, or named a branch, would be part of the script.
        foreach (var script in Values(root, "run").Where(script => script.Contains("${{", StringComparison.Ordinal)))
            yield return $"an expression stands inside a script: {script}";
        if (Strings(root).Any(value => Secret.IsMatch(value)) || Names(root).Contains("secrets", StringComparer.Ordinal))
            yield return "it refers to a stored secret";

        foreach (var step in Maps(root).Where(map => Text(map, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true))
        {
            if (Get(step, "with") is not YamlMappingNode with || Text(with, "persist-credentials") != "false")
                yield return "a checkout leaves its token on the disk";
        }

        foreach (var (name, job) in ((YamlMappingNode)Get(root, "jobs")!).Children.Select(job => (((YamlScalarNode)job.Key).Value, (YamlMappingNode)job.Value)))
        {
            if (Get(job, "runs-on") is not null && Get(job, "timeout-minutes") is null)
                yield return $"the job {name} has no time-out";
            if (Get(job, "permissions") is { } permissions && Rights(permissions).Contains("id-token: write", StringComparer.Ordinal) && Get(job, "environment") is null)
                yield return $"the job {name} may sign in without anybody's approval";
        }
    }

    private static IEnumerable<string> Rights(YamlNode permissions) => permissions is YamlMappingNode map
        ? map.Children.Select(right => $"{right.Key}: {right.Value}")
        : [permissions.ToString()];

    private static YamlNode? Get(YamlMappingNode map, string name) => map.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode key && key.Value == name).Value;

    private static string? Text(YamlMappingNode map, string name) => (Get(map, name) as YamlScalarNode)?.Value;

    private static IEnumerable<YamlMappingNode> Maps(YamlNode node) => node.AllNodes.OfType<YamlMappingNode>();

    private static IEnumerable<string> Values(YamlNode node, string name) => Maps(node).Select(map => Text(map, name)).OfType<string>();

    private static IEnumerable<string> Strings(YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value!);

    /// <summary>The names in a map or a list, or the one name that stands for it.</summary>
    private static IEnumerable<string> Names(YamlNode node) => node is YamlScalarNode or YamlSequenceNode ? Strings(node)
        : Maps(node).SelectMany(map => map.Children.Keys).OfType<YamlScalarNode>().Select(key => key.Value!);

    [GeneratedRegex("^[A-Za-z0-9-]+/[A-Za-z0-9._/-]+@[0-9a-f]{40}$", RegexOptions.None, 1000)]
    private static partial Regex Pinned { get; }

    [GeneratedRegex(@"\$\{\{[^}]*\bsecrets\b", RegexOptions.None, 1000)]
    private static partial Regex Secret { get; }
}
