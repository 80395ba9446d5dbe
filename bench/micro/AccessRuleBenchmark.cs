using System.Security.Claims;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Bench.Micro;

/// <summary>What the decision about one request costs: it is made at the gateway and again in the service.</summary>
[MemoryDiagnoser]
public class AccessRuleBenchmark
{
    private static readonly AccessRule Rule = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);

    private IAuthorizationService _authorization = null!;
    private DefaultHttpContext _seller = null!;
    private DefaultHttpContext _customer = null!;

    [GlobalSetup]
    public void Setup()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging();
        builder.AddAccessRules();
        _authorization = builder.Services.BuildServiceProvider().GetRequiredService<IAuthorizationService>();
        _seller = Request(Role.Seller);
        _customer = Request(Role.Customer);
    }

    [Benchmark(Baseline = true)]
    public Task<AuthorizationResult> Allowed() => _authorization.AuthorizeAsync(_seller.User, _seller, Rule);

    [Benchmark]
    public Task<AuthorizationResult> Refused() => _authorization.AuthorizeAsync(_customer.User, _customer, Rule);

    private static DefaultHttpContext Request(string role)
    {
        Claim[] claims =
        [
            new("sub", "01980000-0000-7000-8000-000000000001"), new("role", role),
            new("scope", $"openid profile {Scope.CatalogRead} {Scope.CatalogWrite} {Scope.OrdersRead} {Scope.OrdersWrite}"),
        ];
        var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity(claims, "Bearer", "sub", "role")) };
        context.Request.Headers.Authorization = "Bearer x";
        return context;
    }
}
