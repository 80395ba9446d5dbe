using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Where an order is sent: who sees it, and what it may be.</summary>
public sealed class DeliveryTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P17")]
    [Trait("Practice", "P21")]
    public async Task A_customer_reads_what_they_wrote_and_the_order_itself_says_nothing_of_it()
    {
        var customer = host.Customer();
        var delivery = Deliveries.Canaries();
        using var placed = await customer.PlaceAsync(Deliveries.Order(host.Catalog.Add(), delivery));
        var text = (await placed.JsonAsync()).GetRawText();
        var id = (await placed.JsonAsync()).GetProperty("id").GetGuid();

        Assert.Equal(delivery, await customer.DeliveryAsync(id));
        Assert.DoesNotContain(delivery.Where(field => field.Key != "country"), field => text.Contains(field.Value!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_delivery_an_order_is_collected_and_there_is_nothing_to_read()
    {
        var customer = host.Customer();
        var id = await customer.PlacedAsync(host.Catalog.Add());

        using var read = await customer.GetAsync($"/{id}/delivery");

        await read.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Practice", "P14")]
    [Trait("Practice", "P16")]
    public async Task Nobody_else_sees_it_and_asking_leaves_an_event()
    {
        var (alice, bob) = (host.Customer(), host.Customer());
        var id = await alice.PlacedAsync(host.Catalog.Add(), Deliveries.Canaries());

        using var theirs = await bob.GetAsync($"/{id}/delivery");
        using var none = await bob.GetAsync($"/{Guid.CreateVersion7()}/delivery");
        using var guest = await host.Client.GetAsync(new Uri($"/{id}/delivery", UriKind.Relative), TestContext.Current.CancellationToken);
        using var support = await host.As(Role.Support, scopes: [Scope.OrdersRead]).GetAsync($"/{id}/delivery");

        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await theirs.ProblemAsync(HttpStatusCode.NotFound));
        Assert.Equal([1003], host.Events.All.Where(one => one["Subject"] == bob.Subject).Select(one => one.Id));
        await guest.ProblemAsync(HttpStatusCode.Unauthorized);
        await support.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Practice", "P12")]
    [Trait("Practice", "P33")]
    public async Task Staff_with_the_scope_read_it_and_leave_a_trace()
    {
        var delivery = Deliveries.Canaries();
        var id = await host.Customer().PlacedAsync(host.Catalog.Add(), delivery);
        var susan = host.As(Role.Support);

        Assert.Equal(delivery, await susan.DeliveryAsync(id));

        var shown = Assert.Single(host.Events.All, one => one["Subject"] == susan.Subject);
        Assert.Equal((5060, id.ToString(), "staff"), (shown.Id, shown["Order"], shown["Kind"]));
    }

    [Fact]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P17")]
    public async Task The_seller_of_a_line_gets_the_label_without_the_address_for_letters_while_the_order_is_placed()
    {
        var customer = host.Customer();
        var delivery = Deliveries.Canaries();
        var product = host.Catalog.Add();
        var id = await customer.PlacedAsync(product, delivery);
        var seller = host.As(Role.Seller, product.Seller);

        var label = await seller.DeliveryAsync(id, "shipping-label");
        Assert.Equal(delivery.Keys.Where(field => field != "email"), label.Keys);
        Assert.All(label, field => Assert.Equal(delivery[field.Key], field.Value));
        Assert.Contains(host.Events.All, one => one.Id == 5060 && one["Order"] == id.ToString() && one["Kind"] == "seller");

        // Not as a customer would see it, not without the role, not another seller's.
        using var full = await seller.GetAsync($"/{id}/delivery");
        await full.ProblemAsync(HttpStatusCode.NotFound);
        using var noRole = await host.As(Role.Customer, product.Seller).GetAsync($"/{id}/shipping-label");
        await noRole.ProblemAsync(HttpStatusCode.Forbidden);
        using var other = await host.As(Role.Seller).GetAsync($"/{id}/shipping-label");
        using var none = await host.As(Role.Seller).GetAsync($"/{Guid.CreateVersion7()}/shipping-label");
        Assert.Equal(await none.ProblemAsync(HttpStatusCode.NotFound), await other.ProblemAsync(HttpStatusCode.NotFound));

        using var cancelled = await customer.CancelAsync(id);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        using var late = await seller.GetAsync($"/{id}/shipping-label");
        await late.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("recipient", "", "a\u0000b", "\u202Eevil", " ", "LONG101")]
    [InlineData("street", "", "a\nb", "LONG101")]
    [InlineData("supplement", "", "a\u200Bb", "LONG101")]
    [InlineData("postalCode", "", "1", "12", "-12", "12-", "123_4", "abc", "1234567890123", "123\n")]
    [InlineData("city", "", "\u0007", "LONG101")]
    [InlineData("country", "", "se", "XX", "SWE", "S", "SE ", "ZZ")]
    [InlineData("phone", "", "0701234567", "+0701234567", "+46 70", "+46", "+1234567890123456", "+46701234x67", "+46701234567\n")]
    [InlineData("email", "", "a", "a@b", "@wren.example", "a b@wren.example", "a@wren.example\n", "LONG300")]
    [InlineData("note", "", "a\u0000", "\u202E", "LONG301")]
    public async Task What_is_no_such_value_is_refused_by_its_name_and_nothing_is_ordered(string field, params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var customer = host.Customer();
        foreach (var value in values)
        {
            var delivery = Deliveries.Canaries();
            delivery[field] = value.StartsWith("LONG", StringComparison.Ordinal) ? new('x', int.Parse(value[4..], System.Globalization.CultureInfo.InvariantCulture)) : value;
            using var refused = await customer.PlaceAsync(Deliveries.Order(host.Catalog.Add(), delivery));
            Assert.Contains($"\"delivery.{field}\":[", await refused.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }

        using var mine = await customer.GetAsync("/");
        Assert.Empty((await mine.JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [Trait("Practice", "P18")]
    [InlineData("""{"recipient":"A","street":"B 1","postalCode":"111 22","city":"C"}""")]
    [InlineData("""{"recipient":"A","street":"B 1","postalCode":"111 22","city":"C","country":"SE","orderId":"1"}""")]
    [InlineData("""{"recipient":"A","street":"B 1","postalCode":"111 22","city":"C","country":"SE","country":"NO"}""")]
    [InlineData("""{"recipient":["A"],"street":"B 1","postalCode":"111 22","city":"C","country":"SE"}""")]
    [InlineData("""{"recipient":null,"street":"B 1","postalCode":"111 22","city":"C","country":"SE"}""")]
    [InlineData("[]")]
    [InlineData("\"here\"")]
    public async Task What_is_no_delivery_is_refused(string delivery)
    {
        using var refused = await host.Customer().PlaceJsonAsync($$"""{"lines":[{"productId":"{{host.Catalog.Add().Id}}","quantity":1}],"delivery":{{delivery}}}""");
        await refused.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Practice", "P19")]
    public async Task The_delivery_is_part_of_what_a_key_stands_for()
    {
        var customer = host.Customer();
        var product = host.Catalog.Add();
        var delivery = Deliveries.Canaries();
        delivery["recipient"] = "Zo\u00EB";
        using var first = await customer.PlaceAsync(Deliveries.Order(product, delivery), "key-0001");

        // Composed or not, it is the same name.
        using var same = await customer.PlaceAsync(Deliveries.Order(product, new Dictionary<string, string?>(delivery, StringComparer.Ordinal) { ["recipient"] = " Zoe\u0308" }), "key-0001");
        Assert.Equal(first.Headers.Location, same.Headers.Location);
        foreach (var field in delivery.Keys.Where(field => field != "country").ToList())
        {
            var other = new Dictionary<string, string?>(delivery, StringComparer.Ordinal) { [field] = Deliveries.Canaries()[field] };
            using var reused = await customer.PlaceAsync(Deliveries.Order(product, other), "key-0001");
            await reused.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        }

        using var none = await customer.PlaceAsync(Deliveries.Order(product, delivery: null), "key-0001");
        await none.ProblemAsync(HttpStatusCode.UnprocessableEntity);

        // Equal requests of two customers leave different hashes: nobody can compare or try out.
        var bob = host.Customer();
        var (one, two) = (await bob.PlacedAsync(product, delivery), first.Headers.Location!.Segments[^1]);
        Assert.NotEqual((await host.StoredAsync(one)).RequestHash, (await host.StoredAsync(Guid.Parse(two))).RequestHash);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task A_value_that_was_moved_or_changed_does_not_open_and_the_answer_says_nothing()
    {
        var (alice, bob) = (host.Customer(), host.Customer());
        var product = host.Catalog.Add();
        var (first, second, bobs) = (await alice.PlacedAsync(product, Deliveries.Canaries()), await alice.PlacedAsync(product, Deliveries.Canaries()), await bob.PlacedAsync(product, Deliveries.Canaries()));

        foreach (var change in (string[])[
            $"note = (select note from orders.order_deliveries where order_id = '{second}')",
            $"note = (select note from orders.order_deliveries where order_id = '{bobs}')",
            "recipient = street",
            "city = set_byte(city, octet_length(city) - 1, get_byte(city, octet_length(city) - 1) # 1)",
            "phone = decode(repeat('00', 60), 'hex')",
            "street = convert_to('Plain Street 1, in a town with a name that is long', 'UTF8')"])
        {
            var before = await ReadAsync(first);
            await ExecuteAsync($"update orders.order_deliveries set {change} where order_id = '{first}'");
            var events = host.Events.All.Count;
            using var broken = await alice.GetAsync($"/{first}/delivery");
            var problem = await broken.ProblemAsync(HttpStatusCode.InternalServerError);
            Assert.Equal("""{"type":"about:blank","title":"Internal Server Error","status":500}""", problem);
            var told = Assert.Single(host.Events.All.Skip(events), one => one["Subject"] == alice.Subject);
            Assert.Equal((4081, "SealRefused", "seal_broken"), (told.Id, told.Name, told["Reason"]));
            await RestoreAsync(first, before);
        }

        // What is too short to be sealed does not even get in.
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ExecuteAsync($"update orders.order_deliveries set street = convert_to('Plain Street 1', 'UTF8') where order_id = '{first}'"));
        Assert.Equal("ck_order_deliveries_street", refused.ConstraintName);
        await alice.DeliveryAsync(first);
    }

    private Task<byte[][]> ReadAsync(Guid order) => host.WithDatabaseAsync(async database => await database.Set<SecureShop.Orders.Personal.OrderDelivery>().AsNoTracking()
        .Where(delivery => delivery.OrderId == order).Select(delivery => new[] { delivery.Note!, delivery.Recipient, delivery.City, delivery.Phone!, delivery.Street }).SingleAsync(TestContext.Current.CancellationToken));

    private Task<int> RestoreAsync(Guid order, byte[][] values) => host.WithDatabaseAsync(database => database.Database.ExecuteSqlAsync(
        $"update orders.order_deliveries set note = {values[0]}, recipient = {values[1]}, city = {values[2]}, phone = {values[3]}, street = {values[4]} where order_id = {order}",
        TestContext.Current.CancellationToken));

    private async Task ExecuteAsync(string statement)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(host.AdminConnection);
        await using var command = source.CreateCommand(statement);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
