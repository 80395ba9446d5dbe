using System.Runtime.CompilerServices;
using System.Text;

namespace SecureShop.StandIns.AspireHosting.ApplicationModel;

/// <summary>A text with holes that are filled once the values behind them are known.</summary>
public sealed class ReferenceExpression : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    /// <inheritdoc />
    public string ValueExpression =>
        string.Concat(_parts.Select(part => part is Hole hole ? ((IManifestExpressionProvider)hole.Provider).ValueExpression : (string)part));

    /// <inheritdoc />
    public IEnumerable<object> References => _parts.OfType<Hole>().Select(hole => (object)hole.Provider);

    /// <summary>Makes one from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => GetValueAsync(new(), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        if (_parts.Count == 0)
            return null;
        var text = new StringBuilder();
        foreach (var part in _parts)
            text.Append(part is Hole hole ? await hole.FillAsync(context, cancellationToken) : (string)part);
        return text.ToString();
    }

    internal static ReferenceExpression Join(string separator, IEnumerable<ReferenceExpression> expressions)
    {
        List<object> parts = [];
        foreach (var expression in expressions)
        {
            if (parts.Count > 0)
                parts.Add(separator);
            parts.AddRange(expression._parts);
        }

        return new(parts);
    }

    private sealed record Hole(IValueProvider Provider, string? Format)
    {
        public async ValueTask<string?> FillAsync(ValueProviderContext context, CancellationToken cancellationToken)
        {
            var value = await Provider.GetValueAsync(context, cancellationToken);
            return Format switch
            {
                null => value,
                "uri" => Uri.EscapeDataString(value ?? ""),
                _ => throw new FormatException($"The format '{Format}' is not known; 'uri' is."),
            };
        }
    }

    /// <summary>Collects the text and the holes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<object> Parts { get; } = new(formattedCount + (literalLength > 0 ? formattedCount + 1 : 0));

        /// <summary>Adds text.</summary>
        public void AppendLiteral(string value) => Parts.Add(value);

        /// <summary>Adds text that is known already.</summary>
        public void AppendFormatted(string? value, string? format = null) =>
            Parts.Add(format == "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

        /// <summary>Adds a hole.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider =>
            Parts.Add(new Hole(valueProvider, format));

        /// <summary>Adds a hole that a resource fills.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => Parts.Add(new Hole(valueProvider.Resource, format));
    }
}
