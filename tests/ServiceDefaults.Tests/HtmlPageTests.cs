using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Pages;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Who gets a page instead of a problem.</summary>
public sealed class HtmlPageTests
{
    [Theory]
    [InlineData("text/html", true)]
    [InlineData("TEXT/HTML", true)]
    [InlineData("text/html; charset=utf-8", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true)]
    [InlineData("application/json;q=0.5, text/html", true)]
    [InlineData("text/html, application/json", true)]
    [InlineData("text/html, */*", true)]
    [InlineData("text/*", true)]
    [InlineData("text/*;q=0.9, application/json;q=0.1", true)]
    [InlineData("text/html;q=0", false)]
    [InlineData("text/html;q=0, text/*", false)]
    [InlineData("text/html;q=0.4, */*", false)]
    [InlineData("application/json, text/html;q=0.9", false)]
    [InlineData("application/problem+json, text/html;q=0.9, application/json;q=0.1", false)]
    [InlineData("application/*, text/html;q=0.9", false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/xhtml+xml", false)]
    [InlineData("x-text/html", false)]
    [InlineData("text/html-not", false)]
    [InlineData(",;q=,text/", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [Trait("Practice", "P32")]
    public void A_page_is_for_those_who_name_html_and_prefer_it(string? accept, bool page)
    {
        var request = new DefaultHttpContext().Request;
        if (accept is not null)
            request.Headers.Accept = accept;
        Assert.Equal(page, HtmlPage.IsPreferred(request));
    }

    [Fact]
    [Trait("Practice", "P32")]
    public void Two_lines_of_Accept_count_as_one()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Accept = new(["application/json", "text/html;q=0.9"]);
        Assert.False(HtmlPage.IsPreferred(request));
    }
}
