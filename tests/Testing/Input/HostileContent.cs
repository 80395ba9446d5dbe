using System.Text;

namespace SecureShop.Testing;

/// <summary>Bodies in encodings and under content types that are to be refused, and those that are to be taken.</summary>
public static class HostileContent
{
    /// <summary>All spellings of UTF-8 that RFC 9110, section 8.3, has for what follows a media type.</summary>
    public static IEnumerable<string> GoodParameters =>
        ["", ";charset=utf-8", "; charset=UTF-8", "; charset=\"utf-8\"", ";charset=\"Utf-8\"", "; CHARSET=utf-8", "; charset=\"u\\tf-8\"", ";v=1; charset=utf-8", ";"];

    /// <summary>Other charsets, unknown ones, and those that two readers read differently.</summary>
    public static IEnumerable<string> BadParameters =>
    [
        "; charset=utf-16", "; charset=UTF-16LE", "; charset=utf-16be", "; charset=utf-32", "; charset=utf-32BE", "; charset=utf-7", "; charset=\"utf-7\"", "; charset=iso-8859-1",
        "; charset=us-ascii", "; charset=windows-1252", "; charset=shift_jis", "; charset=ebcdic-cp-us", "; charset=hz-gb-2312", "; charset=x-user-defined", "; charset=utf8", "; charset=utf-8-sig",
        "; charset=nonsense", "; charset=\"\"", "; charset=", "; charset", "; charset=utf-8; charset=utf-16", "; charset=utf-16; charset=utf-8", "; charset=utf-8; charset=utf-8",
        "; charset='utf-8'", "; charset=\"utf-8", "; charset=utf-8, application/json", "; charset=utf_8",
    ];

    /// <summary>A body under a content type that is written as it is, whatever it says.</summary>
    public static ByteArrayContent Of(byte[] body, params string[] contentTypes)
    {
        var content = new ByteArrayContent(body);
        foreach (var type in contentTypes)
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    /// <summary>A body of text in UTF-8.</summary>
    public static ByteArrayContent Of(string body, params string[] contentTypes) => Of(Encoding.UTF8.GetBytes(body), contentTypes);

    /// <summary>A body that says it is compressed.</summary>
    public static ByteArrayContent Encoded(string body, string contentType, string encoding)
    {
        var content = Of(body, contentType);
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return content;
    }

    /// <summary>A form of several parts, whose parts may say what they like of themselves.</summary>
    public static MultipartFormDataContent Multipart(IEnumerable<KeyValuePair<string, string>> fields, string? partType = "text/plain; charset=utf-8")
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            if (partType is not null)
                part.Headers.TryAddWithoutValidation("Content-Type", partType);
            form.Add(part, name);
        }

        return form;
    }
}
