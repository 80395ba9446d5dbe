using System.Text;
using System.Text.RegularExpressions;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Products;

/// <summary>
/// How words are searched for: each product by the stems of its own language, without accents, and in one index with its language, shelf
/// and seller, so that two conditions that have nothing in common are found to have nothing in common by the index alone.
/// </summary>
internal static partial class ProductSearch
{
    /// <summary>The language of who says nothing of it.</summary>
    public const string DefaultLanguage = "english";

    public const int LanguageLength = 20;

    /// <summary>Those whose stems Postgres knows, of the countries that we sell to; "simple" stems nothing and is for any other.</summary>
    public static readonly IReadOnlyList<string> Languages = ["simple", "english", "french", "german", "italian", "spanish", "swedish"];

    /// <summary>The dictionary of a row, as an expression that Postgres keeps an index by.</summary>
    private static readonly string Dictionary =
        $"case language {string.Concat(Languages.Where(language => language != DefaultLanguage).Select(language => $"when '{language}' then '{language}'::regconfig "))}else '{DefaultLanguage}'::regconfig end";

    /// <summary>What is searched in, kept by Postgres itself: a word of the name (A) weighs more than one of the description (B).</summary>
    public static readonly string Vector =
        $"setweight(to_tsvector({Dictionary}, {Folded("name")}), 'A') || setweight(to_tsvector({Dictionary}, {Folded("description")}), 'B') || "
        + "array_to_tsvector(array['language=' || language, 'category=' || category_id, 'seller=' || seller_id])";

    /// <summary>The words in the language of a row, for its rank; <c>{0}</c> is the parameter.</summary>
    public static readonly string RankedWords =
        $"case language {string.Concat(Languages.Select(language => $"when '{language}' then {Words(language)} "))}end";

    /// <summary>
    /// What matches <see cref="Vector"/>; <c>{0}</c> is the parameter with the words. Unlike to_tsquery, this form takes any text without an error.
    /// Words that mean nothing in a language ("the") find nothing in it, rather than everything.
    /// </summary>
    public static readonly string Query = string.Join(" || ", Languages.Select(language =>
        $"case when numnode({Words(language)}) = 0 then '''language='''::tsquery else {Words(language)} && '''language={language}'''::tsquery end"));

    /// <summary>Words as they are searched for: as <see cref="Folded"/> has what is searched in.</summary>
    public static string Fold(string text)
        => NormalizedText.Compatible(Accents().Replace(NormalizedText.Compatible(text).Normalize(NormalizationForm.FormKD), ""))
            .Replace("ß", "ss", StringComparison.Ordinal).Replace("æ", "ae", StringComparison.Ordinal).Replace("Æ", "AE", StringComparison.Ordinal)
            .Replace("œ", "oe", StringComparison.Ordinal).Replace("Œ", "OE", StringComparison.Ordinal)
            .Replace('ø', 'o').Replace('Ø', 'O').Replace('ł', 'l').Replace('Ł', 'L').Replace('đ', 'd').Replace('Đ', 'D').Replace('ı', 'i');

    private static string Words(string language) => $"websearch_to_tsquery('{language}'::regconfig, {{0}})";

    /// <summary>A column in NFKC without accents, and with the letters that no accent makes written out: "Malmö", "malmo" and "MALMÖ" are one word.</summary>
    private static string Folded(string column)
        => "translate(replace(replace(replace(replace(replace("
            + $"normalize(regexp_replace(normalize({column}, NFKD), '[\\u0300-\\u036f]', '', 'g'), NFKC)"
            + ", 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'), 'øØłŁđĐı', 'oOlLdDi')";

    [GeneratedRegex("[\u0300-\u036f]", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Accents();
}
