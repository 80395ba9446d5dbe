using Npgsql;
using SecureShop.Testing;

namespace SecureShop.Database.Tests;

public sealed class JobTests(ReadyDatabase ready)
{
    [Fact]
    public async Task Several_at_once_on_an_empty_database_end_in_one_good_result()
    {
        var admin = await ready.Server.CreateDatabaseAsync();
        var outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Setup.RunAsync(admin))));

        Assert.All(outputs, output => Assert.Contains("The database is ready.", output, StringComparison.Ordinal));
        Assert.Single(outputs, output => output.Contains("616 products seeded", StringComparison.Ordinal));
        Assert.Equal(616L, await Setup.ReadAsync<long>(admin, "select count(*) from catalog.products"));
    }

    [Fact]
    public async Task Again_it_finds_nothing_to_do_and_leaves_what_people_changed()
    {
        var admin = await ready.Server.CreateDatabaseAsync();
        await Setup.RunAsync(admin);
        await Setup.ErrorAsync(admin, "delete from catalog.products");
        var output = await Setup.RunAsync(admin);
        Assert.Contains("catalog is up to date", output, StringComparison.Ordinal);
        Assert.Equal(0L, await Setup.ReadAsync<long>(admin, "select count(*) from catalog.products"));
    }

    [Theory]
    [InlineData("manager")]

    // As on a managed server, where a role that the administrator is a member of may own what was made from outside.
    [InlineData("managers")]
    [Trait("Practice", "P13")]
    public async Task An_administrator_who_is_no_superuser_is_enough(string owner)
    {
        // A server of its own: in the other one the roles already belong to its superuser.
        await using var server = new PostgresFixture();
        await server.InitializeAsync();
        var superuser = server.ConnectionString("postgres");
        Assert.Null(await Setup.ErrorAsync(superuser, $"create role manager login createrole createdb password '{Setup.Password}'"));
        Assert.Null(await Setup.ErrorAsync(superuser, "create role managers role manager"));
        Assert.Null(await Setup.ErrorAsync(superuser, $"create database managed owner {owner}"));

        var admin = Setup.As(server.ConnectionString("managed"), "manager");
        await Setup.RunAsync(admin);
        await Setup.RunAsync(admin);
        var app = Setup.As(admin, "catalog_app");
        Assert.InRange(await Setup.ReadAsync<long>(app, "select count(*) from products"), 500, 615);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await Setup.ErrorAsync(app, "create table mine (id int)"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await Setup.ErrorAsync(app, "select 1 from orders.orders"));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task The_administrators_password_may_come_as_a_variable_of_its_own()
    {
        var admin = new NpgsqlConnectionStringBuilder(await ready.Server.CreateDatabaseAsync());
        var password = admin.Password;
        admin.Password = null;
        Assert.False(string.IsNullOrEmpty(password));
        Assert.Contains("password", (await Assert.ThrowsAsync<NpgsqlException>(() => Setup.RunAsync(admin.ConnectionString))).Message, StringComparison.Ordinal);

        Environment.SetEnvironmentVariable("PGPASSWORD", password);
        try
        {
            Assert.Contains("The database is ready.", await Setup.RunAsync(admin.ConnectionString, demo: [("alice", "Qz7-fern-Kp2mXw9Lr4t")]), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGPASSWORD", null);
        }
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task Accounts_from_before_are_sealed_and_what_was_in_clear_is_gone()
    {
        var admin = await ready.Server.CreateDatabaseAsync();
        await Setup.RunAsync(admin);
        Assert.Null(await Setup.ErrorAsync(admin, """
            alter table identity.users add column unsealed_email text, add column unsealed_normalized_email text, add column unsealed_display_name text;
            insert into identity.users (id, unsealed_email, unsealed_normalized_email, unsealed_display_name, created_at, email_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            select gen_random_uuid(), mail, upper(mail), 'Before', now() + place * interval '1 hour', false, false, true, 0
            from (values (1, U&'jose\0301@people.example'), (2, U&'\FF4Aos\00E9@people.example'), (3, 'plain@people.example')) as before (place, mail)
            """));

        // Not without the keys, and then nothing has changed.
        var settings = Setup.Settings(admin);
        settings.Remove("Seed:Sealing:LookupKey");
        Assert.Contains("Set Seed__Sealing__LookupKey", (await Assert.ThrowsAsync<JobException>(() => Setup.RunAsync(settings))).Message, StringComparison.Ordinal);
        Assert.Equal(3L, await Setup.ReadAsync<long>(admin, "select count(*) from identity.users where unsealed_email is not null and email is null"));

        Assert.Contains("3 accounts sealed, 1 of them found by their own spelling alone", await Setup.RunAsync(admin), StringComparison.Ordinal);
        Assert.Equal(3L, await Setup.ReadAsync<long>(admin, "select count(distinct email_hash) from identity.users join identity.data_keys on key_owner = owner_id where wrapped is not null"));
        Assert.Equal(0L, await Setup.ReadAsync<long>(admin, "select count(*) from information_schema.columns where column_name like 'unsealed%'"));
        Assert.DoesNotContain("accounts sealed", await Setup.RunAsync(admin), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_is_newer_than_the_job_is_left_alone()
    {
        var admin = await ready.Server.CreateDatabaseAsync();
        await Setup.RunAsync(admin);
        await Setup.ErrorAsync(admin, "insert into catalog.__migrations values ('29990101000000_Later', '10.0.0')");
        var failure = await Assert.ThrowsAsync<JobException>(() => Setup.RunAsync(admin));
        Assert.Contains("29990101000000_Later", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seeded_shop_is_believable()
    {
        Task<T> Read<T>(string sql) => Setup.ReadAsync<T>(ready.Admin, sql);
        Assert.True(await Read<long>("select count(*) from catalog.products where published") >= 500);
        Assert.True(await Read<long>("select count(distinct category_id) from catalog.products") >= 12);
        Assert.True(await Read<long>("select count(distinct seller_id) from catalog.products") >= 5);
        Assert.True(await Read<bool>("select bool_and(cost < price and length(description) > 40) from catalog.products"));
        Assert.True(await Read<long>("select count(*) from catalog.stock where quantity = 0") > 10);
        Assert.True(await Read<long>("select count(*) from catalog.products where not published") > 10);
        Assert.Equal(616L, await Read<long>("select count(distinct id) from catalog.products"));
    }

    [Fact]
    public async Task Demo_users_are_seeded_once_for_one_set_of_passwords()
    {
        var admin = await ready.Server.CreateDatabaseAsync();
        Assert.Contains("no new demo users", await Setup.RunAsync(admin), StringComparison.Ordinal);
        Assert.Contains("1 demo users seeded", await Setup.RunAsync(admin, demo: [("alice", "Qz7-fern-Kp2mXw9Lr4t")]), StringComparison.Ordinal);
        Assert.Contains("no new demo users", await Setup.RunAsync(admin, demo: [("alice", "Qz7-fern-Kp2mXw9Lr4t")]), StringComparison.Ordinal);
        Assert.Contains("1 demo users seeded", await Setup.RunAsync(admin, demo: [("alice", "Tv3-moss-Hn8cYb5Sd1g")]), StringComparison.Ordinal);
        Assert.Equal(1L, await Setup.ReadAsync<long>(admin, "select count(*) from identity.users where octet_length(email) > 28 and octet_length(display_name) > 28"));

        // The mark tells nothing that can be read back, and the service cannot see it.
        Assert.False(await Setup.ReadAsync<bool>(admin, "select exists (select from identity.__seeds where name like '%moss%')"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await Setup.ErrorAsync(Setup.As(admin, "identity_app"), "select 1 from identity.__seeds"));
    }

    [Fact]
    [Trait("Practice", "P07")]
    [Trait("Practice", "P40")]
    public async Task An_authenticator_app_of_a_demo_user_is_sealed_by_Identitys_key_ring()
    {
        const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        var admin = await ready.Server.CreateDatabaseAsync();
        (string, string)[] demo = [("adam", "Qz7-fern-Kp2mXw9Lr4t"), ("adam:AuthenticatorKey", Key)];
        Assert.Contains(
            "Seed__Identity__KeyCertificates__0", (await Assert.ThrowsAsync<InvalidOperationException>(() => Setup.RunAsync(admin, demo: demo))).Message, StringComparison.Ordinal);

        demo = [.. demo, ("Seed:Identity:KeyCertificates:0", Deployment.SealingCertificate.Generate())];
        Assert.Contains("1 demo users seeded", await Setup.RunAsync(admin, demo: demo), StringComparison.Ordinal);
        Assert.Contains("no new demo users", await Setup.RunAsync(admin, demo: demo), StringComparison.Ordinal);
        Assert.True(await Setup.ReadAsync<bool>(admin, "select two_factor_enabled from identity.users"));
        Assert.False(await Setup.ReadAsync<bool>(admin, $"select position('{Key}'::bytea in sealed_key) > 0 from identity.authenticators"));
        Assert.True(await Setup.ReadAsync<bool>(admin, "select bool_and(xml like '%<encryptedKey %' or xml like '%EncryptedData%') from identity.data_protection_keys"));
    }

    [Fact]
    public void The_same_shop_is_invented_everywhere()
        => Assert.Equal(Seeding.ProductGenerator.Products(), Seeding.ProductGenerator.Products());
}
