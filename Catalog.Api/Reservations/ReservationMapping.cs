using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Catalog.Reservations;

/// <summary>Table <c>reservations</c>. The database knows the states that there cannot be, whatever the code does.</summary>
internal sealed class ReservationMapping : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.ToTable(table => table.HasCheckConstraint(
            "ck_reservations_expired", "not expired or (released_at is not null and confirmed_at is null)"));
        builder.HasKey(reservation => reservation.OrderId);
        builder.Property(reservation => reservation.OrderId).ValueGeneratedNever();
        builder.Property(reservation => reservation.Expired).HasDefaultValue(false);

        // Of those that are held alone: the look for what is due costs the same however many orders there have been.
        builder.HasIndex(reservation => reservation.ExpiresAt).HasDatabaseName("ix_reservations_held")
            .HasFilter("confirmed_at is null and released_at is null");
        builder.HasMany(reservation => reservation.Lines).WithOne().HasForeignKey(line => line.OrderId)
            .HasConstraintName("fk_reservation_lines_reservation");
    }
}
