using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class SealedDeliveries : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "data_keys",
                schema: "orders",
                columns: table => new
                {
                    owner_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: true),
                    master_key = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    destroyed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_keys", x => x.owner_id);
                    table.CheckConstraint("ck_data_keys_destroyed", "(wrapped is null) = (destroyed_at is not null) and (wrapped is null) = (master_key is null)");
                    table.CheckConstraint("ck_data_keys_wrapped", "octet_length(wrapped) = 61");
                });

            migrationBuilder.CreateTable(
                name: "order_deliveries",
                schema: "orders",
                columns: table => new
                {
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    recipient = table.Column<byte[]>(type: "bytea", nullable: false),
                    street = table.Column<byte[]>(type: "bytea", nullable: false),
                    supplement = table.Column<byte[]>(type: "bytea", nullable: true),
                    postal_code = table.Column<byte[]>(type: "bytea", nullable: false),
                    city = table.Column<byte[]>(type: "bytea", nullable: false),
                    country = table.Column<byte[]>(type: "bytea", nullable: false),
                    phone = table.Column<byte[]>(type: "bytea", nullable: true),
                    email = table.Column<byte[]>(type: "bytea", nullable: true),
                    note = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_order_deliveries", x => x.order_id);
                    table.CheckConstraint("ck_order_deliveries_city", "octet_length(city) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_country", "octet_length(country) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_email", "octet_length(email) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_note", "octet_length(note) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_phone", "octet_length(phone) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_postal_code", "octet_length(postal_code) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_recipient", "octet_length(recipient) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_street", "octet_length(street) between 29 and 1280");
                    table.CheckConstraint("ck_order_deliveries_supplement", "octet_length(supplement) between 29 and 1280");
                    table.ForeignKey(
                        name: "fk_order_deliveries_orders",
                        column: x => x.order_id,
                        principalSchema: "orders",
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_data_keys_master_key",
                schema: "orders",
                table: "data_keys",
                columns: new[] { "master_key", "owner_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "data_keys",
                schema: "orders");

            migrationBuilder.DropTable(
                name: "order_deliveries",
                schema: "orders");
        }
    }
}
