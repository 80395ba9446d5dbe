namespace SecureShop.Firewall;

/// <summary>Finds XML that reads files or addresses for its reader: document types with an address or entities, and inclusions.</summary>
internal static class XmlJudge
{
    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;
        var mark = value.IndexOf('<');
        if (mark < 0 || !value[mark..].ContainsAny("!:?"))
            return;
        var type = Text.Find(value, "<!DOCTYPE", 0);
        if (Text.Find(value, "<!ENTITY", 0) >= 0 || Text.Find(value, "<!ELEMENT", 0) >= 0 || Text.Find(value, "<!ATTLIST", 0) >= 0 || Text.Find(value, "xi:include", 0) >= 0
            || Text.Find(value, "XInclude", 0) >= 0 || Text.Find(value, "<?xml-stylesheet", 0) >= 0 || Text.Find(value, "<xsl:", 0) >= 0 || Text.Find(value, "<![CDATA[<", 0) >= 0
            || (type >= 0 && (Text.Find(value, "SYSTEM", type) >= 0 || value[type..].Contains('[') || (Text.Find(value, "PUBLIC", type) >= 0 && Text.Find(value, "//DTD", type) < 0))))
            found.Hit(Rules.XmlEntity);
    }
}
