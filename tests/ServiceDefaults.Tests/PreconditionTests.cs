using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>If-Match and If-None-Match (RFC 9110, section 13).</summary>
public sealed class PreconditionTests
{
    [Theory]
    [InlineData("\"1\"", null)]
    [InlineData("*", null)]
    [InlineData("\"0\", \"1\"", null)]
    [InlineData("W/\"0\",\"1\"", null)]
    [InlineData("\"0\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("1", 412)]
    [InlineData("\"1", 412)]
    [InlineData("\"*\"", 412)]
    [InlineData("nonsense", 412)]
    [InlineData("", 412)]
    public void A_change_is_made_to_a_version_that_is_named_strongly(string header, int? status)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.IfMatch = header;
        foreach (var required in new[] { false, true })
            Assert.Equal(status, Preconditions.Check(request, tag => tag == "\"1\"", required)?.StatusCode);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 428)]
    public void Without_a_header_it_is_made_unless_one_is_required(bool required, int? status)
        => Assert.Equal(status, Preconditions.Check(new DefaultHttpContext().Request, _ => true, required)?.StatusCode);

    [Theory]
    [InlineData(null, false)]
    [InlineData("\"1\"", true)]
    [InlineData("W/\"1\"", true)]
    [InlineData("\"0\", W/\"1\"", true)]
    [InlineData("*", true)]
    [InlineData("\"0\"", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    public void What_the_caller_has_is_compared_weakly(string? header, bool cached)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.IfNoneMatch = header;
        Assert.Equal(cached, Preconditions.IsCached(request, new EntityTagHeaderValue("\"1\"")));
    }
}
