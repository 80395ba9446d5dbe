namespace SecureShop.Dashboard.Tests.Browser;

/// <summary>The tests of the pages run one after another: a browser has work enough with one page.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection
{
    public const string Name = "browser";
}
