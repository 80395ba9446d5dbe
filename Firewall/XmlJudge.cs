using System.Buffers;

namespace SecureShop.Firewall;

/// <summary>xml-entity: XML that reads files or addresses for its reader: document types with an address or entities, and inclusions.</summary>
internal static class XmlJudge
{
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        [
            "<!ENTITY", "<!ELEMENT", "<!ATTLIST", "<!NOTATION", "xi:include", "XInclude", "<?xml-stylesheet", "<xsl:", "<![CDATA[<", "schemaLocation",
            "xs:include", "encoding=\"UTF-7", "encoding='UTF-7",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        if (value.Contains('<') && (value.ContainsAny(Marks) || (Text.Find(value, "<!DOCTYPE", 0) is >= 0 and var type && IsExternal(value[type..]))))
            found.Hit(Rules.XmlEntity);
    }

    /// <summary>A type with an address or entities of its own; a public one of a known DTD is how old HTML begins.</summary>
    private static bool IsExternal(ReadOnlySpan<char> type)
        => type.Contains('[') || type.Contains("SYSTEM", StringComparison.OrdinalIgnoreCase)
            || (type.Contains("PUBLIC", StringComparison.OrdinalIgnoreCase) && !type.Contains("//DTD", StringComparison.OrdinalIgnoreCase));
}
