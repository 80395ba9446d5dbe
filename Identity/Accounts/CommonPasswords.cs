using System.Text;
using System.Text.RegularExpressions;

namespace SecureShop.Identity.Accounts;

/// <summary>What the lists of leaked passwords are made of: a few hundred words, keyboard walks and years, with digits for letters.</summary>
internal static partial class CommonPasswords
{
    private const string Words = """
        password passwort passw0rd pass word letmein welcome admin administrator root user guest test default secret login master
        access changeme changeit please trustno1 whatever nothing unknown anything forever company office secure security server
        system internet computer windows google facebook amazon apple samsung microsoft linkedin twitter instagram netflix
        iloveyou loveyou ilove love lovely sweetheart darling baby babygirl honey angel princess prince queen king lover kisses friends
        family mother father mommy daddy sister brother daughter
        monkey dragon tiger lion eagle falcon hunter wolf panther bear horse kitty kitten puppy doggy dolphin butterfly unicorn chicken
        football soccer baseball basketball hockey tennis golf cricket rugby liverpool arsenal chelsea barcelona juventus yankees
        cowboys steelers lakers packers raiders jordan ronaldo messi
        superman batman spiderman ironman starwars pokemon pikachu naruto matrix gandalf hobbit potter harrypotter minecraft fortnite
        mario zelda sonic killer ninja warrior ranger soldier samurai wizard phoenix shadow ghost demon devil heaven
        sunshine summer winter spring autumn january february march april june july august september october november december
        monday tuesday wednesday thursday friday saturday sunday morning night flower rainbow mountain river ocean
        silver golden orange purple yellow green black white cookie chocolate banana cheese coffee pepper ginger peanut
        michael jennifer jessica ashley daniel andrew joshua matthew anthony robert thomas william charlie george nicole michelle
        amanda jordan taylor hannah samantha alexander maggie buster bailey harley pepper tigger
        mustang ferrari porsche mercedes yamaha corvette camaro maverick bigdog
        america london paris berlin canada mexico brasil india china hello hallo qwerty qwertz azerty asdfgh zxcvbn
        correcthorsebatterystaple correct horse battery staple secureshop shop store buyer seller customer
        abc123 abcd1234 qwe123 q1w2e3r4 q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx a1b2c3d4 aa123456 asd123
        """;

    private static readonly string[] Walks =
    [
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    ];

    private static readonly string[] All =
        [.. Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>What remains of a password when the predictable is taken out.</summary>
    public static string Strip(string password, IEnumerable<string> ownWords)
    {
        var text = password.ToLowerInvariant();
        var words = All.Concat(ownWords.Select(w => w.ToLowerInvariant())).OrderByDescending(w => w.Length).ToList();

        // Once as written, once with "p@55w0rd" read as the word it stands for; the reading that leaves less counts.
        var plain = Take(text, words);
        var read = Take(ReadLeet(text), words);
        return plain.Length <= read.Length ? plain : read;
    }

    private static string Take(string text, List<string> words)
    {
        // A removed part leaves a gap, so that its neighbours do not join into something new.
        foreach (var word in words)
            text = text.Replace(word, " ", StringComparison.Ordinal);
        text = Years().Replace(text, " ");
        text = TakeWalks(text);
        text = Repeats().Replace(text, " ");
        text = Ends().Replace(text, " ");
        return text.Replace(" ", "", StringComparison.Ordinal);
    }

    // "2345", "fdsa": four or more neighbours of a keyboard row or the alphabet, in either direction.
    private static string TakeWalks(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = WalkAt(text, i);
            kept.Append(length > 0 ? ' ' : text[i]);
            i += Math.Max(length, 1);
        }

        return kept.ToString();
    }

    private static int WalkAt(string text, int start)
    {
        var longest = 0;
        foreach (var walk in Walks)
        {
            foreach (var step in (int[])[1, -1])
            {
                var at = walk.IndexOf(text[start], StringComparison.Ordinal);
                var length = at < 0 ? 0 : 1;
                while (length > 0 && start + length < text.Length && at + step >= 0 && at + step < walk.Length
                    && walk[at + step] == text[start + length])
                {
                    at += step;
                    length++;
                }

                longest = Math.Max(longest, length);
            }
        }

        return longest >= 4 ? longest : 0;
    }

    private static string ReadLeet(string text) => string.Concat(text.Select(c => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    [GeneratedRegex("(19|20)[0-9]{2}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Years();

    // "aaaa", "xyxyxy".
    [GeneratedRegex(@"(?<part>.{1,4})\k<part>{2,}", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Repeats();

    // "123!" or "1!" at an end is decoration, wherever the password came from.
    [GeneratedRegex(@"^[\d\W_]{1,4}(?=[a-z ])|(?<=[a-z ])[\d\W_]{1,4}$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Ends();
}
