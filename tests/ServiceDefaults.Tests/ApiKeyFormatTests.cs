using SecureShop.ServiceDefaults.Access;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a key looks like: a typing error, a cut and a guess are known without a look-up.</summary>
[Trait("Practice", "P05")]
public sealed class ApiKeyFormatTests
{
    // Computed with another implementation; it is the example of docs/accounts.md.
    private const string Example = "sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa1xpQ9K";

    [Fact]
    public void A_new_key_is_possible_of_the_said_length_and_never_the_same()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => ApiKeyFormat.Make()).ToList();
        Assert.All(keys, key =>
        {
            Assert.True(ApiKeyFormat.IsPossible(key), key);
            Assert.Matches("^sk_shop_[0-9A-Za-z]{38}$", key);
        });
        Assert.Equal(keys.Count, keys.Select(key => key[..ApiKeyFormat.ShownLength]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void One_wrong_character_anywhere_is_found()
    {
        Assert.True(ApiKeyFormat.IsPossible(Example));
        for (var place = 0; place < Example.Length; place++)
        {
            foreach (var other in "0Az9-_ä".Where(other => other != Example[place]))
                Assert.False(ApiKeyFormat.IsPossible(Example[..place] + other + Example[(place + 1)..]), $"{other} at {place}");
        }
    }

    [Fact]
    public void A_cut_an_addition_and_nothing_are_no_key()
    {
        for (var length = 0; length < Example.Length; length++)
            Assert.False(ApiKeyFormat.IsPossible(Example[..length]), $"{length}");
        Assert.False(ApiKeyFormat.IsPossible(Example + "0"));
        Assert.False(ApiKeyFormat.IsPossible(" " + Example));
        Assert.False(ApiKeyFormat.IsPossible(null));
    }

    // Each with the right checksum over all before it, computed with another implementation too.
    [Theory]
    [InlineData("sk_live_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa3dkzfF")]
    [InlineData("SK_SHOP_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa2OVBWB")]
    [InlineData("sk_shop_-3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa4dinfM")]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pS_4XOstw")]
    [InlineData("sk_shop_Z3kQ0vJ8mT1x 5rB7nY2cL6dF9hG4pSa2ZLkfx")]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa00c3mT0")]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pS4Xllou")]
    public void A_good_checksum_alone_makes_no_key(string text) => Assert.False(ApiKeyFormat.IsPossible(text));
}
