using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>The parameters of a query, the pages that they ask for, and the time that they are ordered by.</summary>
[Trait("Practice", "P23")]
public sealed class PageQueryTests
{
    [Theory]
    [InlineData(null, 20)]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    [InlineData("0", null)]
    [InlineData("101", null)]
    [InlineData("-1", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("1e1", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("", null)]
    public void A_limit_is_a_number_within_bounds(string? text, int? limit)
    {
        var reader = new QueryReader();
        var read = new PageQuery { Limit = text }.ReadLimit(reader);
        Assert.Equal(limit is not null, reader.IsValid);
        Assert.Equal(limit ?? 20, read);
    }

    [Fact]
    public void Each_wrong_parameter_is_named_once_with_its_first_rule()
    {
        var reader = new QueryReader();
        Assert.Null(reader.Read("sort", "x", "a, b or c.", text => text is "a" or "b" or "c" ? text : null));
        Assert.Null(reader.Read("count", "x", "A number.", text => int.TryParse(text, out var number) ? number : (int?)null));
        Assert.Equal(5, reader.Read("total", "5", "A number.", text => int.TryParse(text, out var number) ? number : (int?)null));
        Assert.False(reader.ReadFlag("mine", "yes"));
        Assert.True(reader.ReadFlag("all", "true"));
        Assert.False(reader.ReadFlag("none", null));
        reader.Refuse("sort", "Something else.");

        Assert.False(reader.IsValid);
        Assert.Equal([("sort", "a, b or c."), ("count", "A number."), ("mine", "true or false.")], reader.Problem().ProblemDetails.Errors.Select(error => (error.Key, error.Value.Single())));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(2, 2, null)]
    [InlineData(3, 2, "2")]
    public void A_row_more_than_the_limit_tells_of_a_next_page(int rows, int items, string? next)
    {
        var page = Page.Of([.. Enumerable.Range(1, rows)], limit: 2, last => $"{last}").Select(row => row * 10);
        Assert.Equal((items, next), (page.Items.Count, page.Next));
        Assert.Equal(Enumerable.Range(1, items).Select(row => row * 10), page.Items);
    }

    [Fact]
    public void The_stored_time_is_in_microseconds()
    {
        var now = new Clock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567)).GetStoredNow();
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_560), now);
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
