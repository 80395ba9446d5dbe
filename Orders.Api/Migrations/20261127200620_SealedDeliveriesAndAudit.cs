using System;
using Microsoft.EntityFrameworkCore.Migrations;
using SecureShop.Storage.Audit;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class SealedDeliveriesAndAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_events",
                schema: "orders",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    mark = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    event_id = table.Column<int>(type: "integer", nullable: false),
                    event_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    reason = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    subject = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    actor = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    client = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    network = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    method = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    route = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    status = table.Column<int>(type: "integer", nullable: true),
                    trace_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    details = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_events", x => x.id);
                    table.CheckConstraint("ck_audit_events_details", "octet_length(details::text) <= 8192");
                    table.CheckConstraint("ck_audit_events_hash", "octet_length(hash) = 33");
                });

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
                name: "ix_audit_events_subject",
                schema: "orders",
                table: "audit_events",
                columns: new[] { "subject", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_audit_events_mark",
                schema: "orders",
                table: "audit_events",
                column: "mark",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_data_keys_master_key",
                schema: "orders",
                table: "data_keys",
                columns: new[] { "master_key", "owner_id" });

            migrationBuilder.ChainAudit("orders");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.UnchainAudit("orders");

            migrationBuilder.DropTable(
                name: "audit_events",
                schema: "orders");

            migrationBuilder.DropTable(
                name: "data_keys",
                schema: "orders");

            migrationBuilder.DropTable(
                name: "order_deliveries",
                schema: "orders");
        }
    }
}
