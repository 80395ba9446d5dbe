using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Text;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Personal;

/// <summary>Where an order is sent: each field sealed for its own place, by the key of the order's customer.</summary>
internal sealed class OrderDelivery
{
    private const string Table = "order_deliveries";

    public required Guid OrderId { get; init; }

    public required byte[] Recipient { get; init; }

    public required byte[] Street { get; init; }

    public byte[]? Supplement { get; init; }

    public required byte[] PostalCode { get; init; }

    public required byte[] City { get; init; }

    public required byte[] Country { get; init; }

    public byte[]? Phone { get; init; }

    public byte[]? Email { get; init; }

    public byte[]? Note { get; init; }

    public static OrderDelivery Close(PersonalSeal seal, Guid orderId, Delivery delivery)
    {
        return new OrderDelivery
        {
            OrderId = orderId,
            Recipient = Of(nameof(Recipient), delivery.Recipient)!,
            Street = Of(nameof(Street), delivery.Street)!,
            Supplement = Of(nameof(Supplement), delivery.Supplement),
            PostalCode = Of(nameof(PostalCode), delivery.PostalCode)!,
            City = Of(nameof(City), delivery.City)!,
            Country = Of(nameof(Country), delivery.Country)!,
            Phone = Of(nameof(Phone), delivery.Phone),
            Email = Of(nameof(Email), delivery.Email),
            Note = Of(nameof(Note), delivery.Note),
        };

        byte[]? Of(string field, string? text) => seal.Close(new(Table, orderId, field), text);
    }

    public Delivery Open(PersonalSeal seal)
    {
        return new(
            Of(nameof(Recipient), Recipient)!,
            Of(nameof(Street), Street)!,
            Of(nameof(Supplement), Supplement),
            Of(nameof(PostalCode), PostalCode)!,
            Of(nameof(City), City)!,
            Of(nameof(Country), Country)!,
            Of(nameof(Phone), Phone),
            Of(nameof(Email), Email),
            Of(nameof(Note), Note));

        string? Of(string field, byte[]? closed) => seal.Open(new(Table, OrderId, field), closed);
    }
}

/// <summary>The same as text: how it is kept, composed and trimmed.</summary>
internal sealed record Delivery(
    string Recipient, string Street, string? Supplement, string PostalCode, string City, string Country, string? Phone, string? Email, string? Note)
{
    public static Delivery? Of(DeliveryRequest? request) => request is null
        ? null
        : new(
            NormalizedText.Shown(request.Recipient),
            NormalizedText.Shown(request.Street),
            Shown(request.Supplement),
            request.PostalCode,
            NormalizedText.Shown(request.City),
            request.Country,
            request.Phone,
            Shown(request.Email),
            Shown(request.Note));

    private static string? Shown(string? text) => text is null ? null : NormalizedText.Shown(text);
}

/// <summary>Table <c>order_deliveries</c>. A table of its own, so that lists and states never touch what is personal.</summary>
internal sealed class OrderDeliveryMapping : IEntityTypeConfiguration<OrderDelivery>
{
    // A note has 300 characters, of four bytes each at most, and what a seal adds.
    private const int Longest = 1_280;

    public void Configure(EntityTypeBuilder<OrderDelivery> builder)
    {
        // Lengths are judged before a value is sealed; this is for who writes past that. What is null has no length, and passes.
        builder.ToTable("order_deliveries", table =>
        {
            foreach (var column in (string[])["recipient", "street", "supplement", "postal_code", "city", "country", "phone", "email", "note"])
                table.HasCheckConstraint($"ck_order_deliveries_{column}", $"octet_length({column}) between {PersonalSeal.Overhead} and {Longest}");
        });
        builder.HasKey(delivery => delivery.OrderId);
        builder.Property(delivery => delivery.OrderId).ValueGeneratedNever();
        builder.HasOne<Order>().WithOne().HasForeignKey<OrderDelivery>(delivery => delivery.OrderId).HasConstraintName("fk_order_deliveries_orders");
    }
}
