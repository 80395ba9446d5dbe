namespace SecureShop.Firewall;

/// <summary>Where in a request a text stood. Rules know where they look: a slash in a path is ordinary, a line break in a header is not.</summary>
public enum FieldKind
{
    /// <summary>The path, or one segment of it.</summary>
    Path,

    /// <summary>The name of a parameter of the query.</summary>
    QueryName,

    /// <summary>The value of a parameter of the query.</summary>
    QueryValue,

    /// <summary>The value of a header.</summary>
    Header,

    /// <summary>The value of a cookie.</summary>
    Cookie,

    /// <summary>The name of a member of JSON.</summary>
    JsonName,

    /// <summary>A string in JSON.</summary>
    JsonValue,

    /// <summary>The name of a field of a form.</summary>
    FormName,

    /// <summary>The value of a field of a form.</summary>
    FormValue,
}

/// <summary>What each kind of field has in common with others.</summary>
internal static class FieldKinds
{
    public static bool IsName(this FieldKind kind) => kind is FieldKind.QueryName or FieldKind.JsonName or FieldKind.FormName;

    /// <summary>Whether people write text of several lines into it.</summary>
    public static bool HasLines(this FieldKind kind) => kind is FieldKind.JsonValue or FieldKind.FormValue;
}
