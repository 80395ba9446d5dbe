using System.Buffers.Text;
using System.Text;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class PageCursorTests
{
    [Fact]
    public void What_was_encoded_is_decoded()
    {
        var cursor = PageCursor.Encode("Ünïcode & \"quotes\"", "2026-01-01", "");
        Assert.True(PageCursor.TryDecode(cursor, 3, out var parts));
        Assert.Equal(["Ünïcode & \"quotes\"", "2026-01-01", ""], parts);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("////")]
    [Trait("Practice", "P23")]
    public void Nonsense_is_refused(string? cursor) => Assert.False(PageCursor.TryDecode(cursor, 2, out _));

    [Theory]
    [InlineData("{}")]
    [InlineData("[\"one\"]")]
    [InlineData("[\"one\",null]")]
    [InlineData("[\"one\",2]")]
    [InlineData("[\"one\",\"two\",\"three\"]")]
    [InlineData("[[\"one\"],\"two\"]")]
    [InlineData("\"one\"")]
    [InlineData("null")]
    [Trait("Practice", "P23")]
    public void Another_shape_is_refused(string json)
        => Assert.False(PageCursor.TryDecode(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json)), 2, out _));

    [Fact]
    [Trait("Practice", "P23")]
    public void Too_long_is_refused_before_it_is_read()
        => Assert.False(PageCursor.TryDecode(PageCursor.Encode(new string('x', PageCursor.MaxLength), "y"), 2, out _));
}
