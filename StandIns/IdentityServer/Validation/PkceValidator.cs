using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Proof keys (RFC 7636): a stolen code is worthless without the verifier.</summary>
internal static class PkceValidator
{
    /// <summary>Base64url of a SHA-256 hash; anything else cannot be one.</summary>
    private const int ChallengeLength = 43;
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    public static bool IsChallenge(string? challenge) => challenge is { Length: ChallengeLength } && challenge.All(IsBase64Url);

    public static bool IsVerifier(string? verifier) =>
        verifier is { Length: >= ShortestVerifier and <= LongestVerifier } && verifier.All(c => IsBase64Url(c) || c is '.' or '~');

    /// <summary>Compares in constant time, so that the answer's delay tells nothing of the challenge.</summary>
    public static bool Matches(string challenge, string verifier)
    {
        var hash = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(challenge));
    }

    private static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
