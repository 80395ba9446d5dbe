using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Identity.ApiKeys;
using SecureShop.Identity.Data;
using SecureShop.Identity.Factors;
using SecureShop.Identity.Sessions;
using SecureShop.Identity.Tests.Support;
using SecureShop.Storage.Audit;

namespace SecureShop.Identity.Tests;

/// <summary>The service's own context with the code's checks taken away, in the name of one person of several; and what works for more than its caller.</summary>
[Trait("Practice", "P13")]
[Trait("Practice", "P14")]
public sealed class RowSecurityTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_accounts_and_all_that_hangs_on_them_a_person_sees_their_own_though_all_are_asked_for()
    {
        var (alice, bob) = (await PersonAsync(), await PersonAsync());
        Assert.Equal([alice], await AsAsync(alice, database => database.Users.Select(user => user.Id).ToListAsync(Cancelled)));
        Assert.Equal([alice], await AsAsync(alice, database => database.UserRoles.Select(held => held.UserId).Distinct().ToListAsync(Cancelled)));
        Assert.Equal([alice], await AsAsync(alice, database => database.Set<SessionRow>().Select(session => session.UserId).Distinct().ToListAsync(Cancelled)));
        Assert.Equal([$"{alice}"], await AsAsync(alice, database => database.Set<AuditRow>().Select(row => row.Subject!).Distinct().ToListAsync(Cancelled)));
        Assert.Equal([bob], await AsAsync(bob, database => database.Database.SqlQuery<Guid>($"select user_id as \"Value\" from identity.sessions").Distinct().ToListAsync(Cancelled)));

        // And nobody in nobody's name: no request, no task.
        await using var scope = host.Services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Users.ToListAsync(Cancelled));
    }

    [Fact]
    public async Task A_person_changes_ends_and_makes_nothing_of_anothers()
    {
        var (alice, bob) = (await PersonAsync(), await PersonAsync());
        Assert.Equal(0, await AsAsync(alice, database => database.Users.Where(user => user.Id == bob).ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, "x"), Cancelled)));
        Assert.Equal(0, await AsAsync(alice, database => database.Set<SessionRow>().Where(session => session.UserId == bob).ExecuteDeleteAsync(Cancelled)));
        Assert.Equal(0, await AsAsync(alice, database => database.Users.Where(user => user.Id == bob || user.Id == alice).ExecuteDeleteAsync(Cancelled)));
        foreach (var row in (object[])
        [
            new RecoveryCodeRow { UserId = bob, Hash = [1] },
            new AuthenticatorRow { UserId = bob, SealedKey = [1] },
            new Microsoft.AspNetCore.Identity.IdentityUserRole<Guid> { UserId = alice, RoleId = Guid.Parse("01990000-0000-7000-8000-000000000004") },
            new ApiKeyRow
            {
                Id = Guid.CreateVersion7(), UserId = bob, Name = "x", Shown = "x", Hash = new byte[32], Scopes = [], CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch,
            },
        ])
        {
            var refused = await Assert.ThrowsAsync<DbUpdateException>(() => AsAsync(alice, database => AddAsync(database, row)));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.IsType<PostgresException>(refused.InnerException).SqlState);
        }

        // Their own they can.
        Assert.Equal(1, await AsAsync(alice, database => AddAsync(database, new RecoveryCodeRow { UserId = alice, Hash = [1] })));
        Assert.Equal(1, await AsAsync(alice, database => database.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.AccessFailedCount, 1), Cancelled)));
        var sessions = await AsAsync(bob, database => database.Set<SessionRow>().CountAsync(Cancelled));
        Assert.NotEqual(0, sessions);
        Assert.NotEqual(0, await AsAsync(alice, database => database.Set<SessionRow>().ExecuteDeleteAsync(Cancelled)));
        Assert.Equal(0, await AsAsync(alice, database => database.Set<SessionRow>().CountAsync(Cancelled)));
        Assert.Equal(sessions, await AsAsync(bob, database => database.Set<SessionRow>().CountAsync(Cancelled)));
    }

    [Fact]
    public void The_pages_of_an_account_act_for_its_person_alone_but_for_two_that_are_named()
    {
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var pages = endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(endpoint => (Path: endpoint.Metadata.GetMetadata<PageActionDescriptor>()!.ViewEnginePath, Task: TaskOf(endpoint))).Distinct().ToList();

        var own = pages.Where(page => page.Path.StartsWith("/Account/Manage/", StringComparison.Ordinal)).ToList();
        Assert.Equal(11, own.Count);
        Assert.Equal(
            ["/Account/Manage/AddPasskey", "/Account/Manage/Email"],
            own.Where(page => page.Task is not null).Select(page => page.Path).Order(StringComparer.Ordinal));

        var closed = pages.Where(page => page.Path.StartsWith("/Admin/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(closed);
        Assert.All(closed, page => Assert.Equal(DatabaseTask.Administration, page.Task));
        Assert.All(pages.Except(own).Except(closed), page => Assert.Equal(DatabaseTask.SignIn, page.Task));

        var protocol = endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/connect/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(protocol);
        Assert.All(protocol, endpoint => Assert.Equal(DatabaseTask.Tokens, TaskOf(endpoint)));

        static DatabaseTask? TaskOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ActsAs>()?.Task;
    }

    private static Task<int> AddAsync(IdentityDbContext database, object row)
    {
        database.Add(row);
        return database.SaveChangesAsync(Cancelled);
    }

    /// <summary>Somebody with an account, who is signed in.</summary>
    private async Task<Guid> PersonAsync()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        Assert.Equal(System.Net.HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        await using var past = IdentityHost.Context(host.Database);
        return await past.Users.Where(user => user.NormalizedEmail == IdentityHost.HashOf(email)).Select(user => user.Id).SingleAsync(Cancelled);
    }

    private async Task<T> AsAsync<T>(Guid person, Func<IdentityDbContext, Task<T>> work)
    {
        // In a method that is async, so that it is over with it.
        new HttpContextAccessor().HttpContext = new DefaultHttpContext { User = new(new ClaimsIdentity([new("sub", $"{person}")], "session")) };
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<IdentityDbContext>());
    }
}
