using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Catalog.Reservations;

/// <summary>Table <c>reservations</c>.</summary>
internal sealed class ReservationMapping : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.HasKey(reservation => reservation.OrderId);
        builder.Property(reservation => reservation.OrderId).ValueGeneratedNever();
        builder.HasMany(reservation => reservation.Lines).WithOne().HasForeignKey(line => line.OrderId)
            .HasConstraintName("fk_reservation_lines_reservation");
    }
}
