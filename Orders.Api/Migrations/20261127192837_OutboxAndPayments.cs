using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class OutboxAndPayments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_due",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orders_halfway",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orders_state",
                schema: "orders",
                table: "orders");

            migrationBuilder.AddColumn<decimal>(
                name: "captured",
                schema: "orders",
                table: "orders",
                type: "numeric(14,2)",
                precision: 14,
                scale: 2,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "held_until",
                schema: "orders",
                table: "orders",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "payment_method",
                schema: "orders",
                table: "orders",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<decimal>(
                name: "refunded",
                schema: "orders",
                table: "orders",
                type: "numeric(14,2)",
                precision: 14,
                scale: 2,
                nullable: false,
                defaultValue: 0m);

            migrationBuilder.AddColumn<Guid>(
                name: "step_id",
                schema: "orders",
                table: "orders",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "delivered_at",
                schema: "orders",
                table: "order_lines",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "shipped_at",
                schema: "orders",
                table: "order_lines",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "development_movements",
                schema: "orders",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    payment = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    method = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(14,2)", precision: 14, scale: 2, nullable: false),
                    currency = table.Column<string>(type: "character(3)", fixedLength: true, maxLength: 3, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_development_movements", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outbox_messages",
                schema: "orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_messages", x => x.id);
                    table.CheckConstraint("ck_outbox_messages_kind", "kind ~ '^[a-z_]+$'");
                });

            // Half-way orders get the message that carries them on; of those that were placed nothing was ever charged.
            migrationBuilder.Sql(
                """
                insert into orders.outbox_messages (id, kind, subject, created_at, next_attempt_at, attempts, failures)
                select id, case state when 'pending' then 'reserve' else 'give_back' end, id, created_at, next_attempt_at, attempts, 0
                from orders.orders where next_attempt_at is not null;
                update orders.orders set step_id = id where next_attempt_at is not null;
                update orders.orders set state = 'confirmed' where state = 'placed';
                update orders.orders set payment_method = 'pm_none';
                """);

            migrationBuilder.DropColumn(
                name: "attempts",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "next_attempt_at",
                schema: "orders",
                table: "orders");

            migrationBuilder.CreateTable(
                name: "refunds",
                schema: "orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    idempotency_key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    amount = table.Column<decimal>(type: "numeric(14,2)", precision: 14, scale: 2, nullable: false),
                    actor = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    step_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refunds", x => x.id);
                    table.CheckConstraint("ck_refunds_amount", "amount > 0");
                    table.CheckConstraint("ck_refunds_pending", "(state = 'Pending') = (step_id is not null)");
                    table.CheckConstraint("ck_refunds_state", "state in ('Pending', 'Done', 'Refused')");
                    table.ForeignKey(
                        name: "fk_refunds_orders",
                        column: x => x.order_id,
                        principalSchema: "orders",
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_refunds_outbox_messages",
                        column: x => x.step_id,
                        principalSchema: "orders",
                        principalTable: "outbox_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ux_orders_step",
                schema: "orders",
                table: "orders",
                column: "step_id",
                unique: true,
                filter: "step_id is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orders_halfway",
                schema: "orders",
                table: "orders",
                sql: "(state in ('pending', 'reserved', 'authorized', 'rejecting', 'cancelling')) = (step_id is not null)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orders_refunded",
                schema: "orders",
                table: "orders",
                sql: "refunded between 0 and captured");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orders_state",
                schema: "orders",
                table: "orders",
                sql: "state in ('pending', 'reserved', 'authorized', 'confirmed', 'shipping', 'shipped', 'delivered', 'rejecting', 'rejected', 'cancelling', 'cancelled', 'refunded')");

            migrationBuilder.CreateIndex(
                name: "ix_order_lines_seller",
                schema: "orders",
                table: "order_lines",
                columns: new[] { "seller_id", "order_id" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_order_lines_delivered",
                schema: "orders",
                table: "order_lines",
                sql: "delivered_at is null or shipped_at is not null");

            migrationBuilder.CreateIndex(
                name: "ux_development_movements_key",
                schema: "orders",
                table: "development_movements",
                columns: new[] { "payment", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_due",
                schema: "orders",
                table: "outbox_messages",
                column: "next_attempt_at",
                filter: "parked_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_parked",
                schema: "orders",
                table: "outbox_messages",
                column: "id",
                filter: "parked_at is not null");

            migrationBuilder.CreateIndex(
                name: "ux_refunds_order_key",
                schema: "orders",
                table: "refunds",
                columns: new[] { "order_id", "idempotency_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_refunds_pending",
                schema: "orders",
                table: "refunds",
                column: "order_id",
                unique: true,
                filter: "state = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "ux_refunds_step",
                schema: "orders",
                table: "refunds",
                column: "step_id",
                unique: true,
                filter: "step_id is not null");

            migrationBuilder.AddForeignKey(
                name: "fk_orders_outbox_messages",
                schema: "orders",
                table: "orders",
                column: "step_id",
                principalSchema: "orders",
                principalTable: "outbox_messages",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_orders_outbox_messages",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropTable(
                name: "development_movements",
                schema: "orders");

            migrationBuilder.DropTable(
                name: "refunds",
                schema: "orders");

            migrationBuilder.DropTable(
                name: "outbox_messages",
                schema: "orders");

            migrationBuilder.DropIndex(
                name: "ux_orders_step",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orders_halfway",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orders_refunded",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropCheckConstraint(
                name: "ck_orders_state",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropIndex(
                name: "ix_order_lines_seller",
                schema: "orders",
                table: "order_lines");

            migrationBuilder.DropCheckConstraint(
                name: "ck_order_lines_delivered",
                schema: "orders",
                table: "order_lines");

            migrationBuilder.DropColumn(
                name: "captured",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "held_until",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "payment_method",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "refunded",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "step_id",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "delivered_at",
                schema: "orders",
                table: "order_lines");

            migrationBuilder.DropColumn(
                name: "shipped_at",
                schema: "orders",
                table: "order_lines");

            migrationBuilder.AddColumn<int>(
                name: "attempts",
                schema: "orders",
                table: "orders",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "next_attempt_at",
                schema: "orders",
                table: "orders",
                type: "timestamp with time zone",
                nullable: true);

            // What only the new states can say goes back to the one that knows least of it.
            migrationBuilder.Sql(
                """
                update orders.orders set state = 'placed' where state in ('reserved', 'authorized', 'confirmed', 'shipping', 'shipped', 'delivered', 'refunded');
                update orders.orders set next_attempt_at = now() where state in ('pending', 'rejecting', 'cancelling');
                """);

            migrationBuilder.CreateIndex(
                name: "ix_orders_due",
                schema: "orders",
                table: "orders",
                column: "next_attempt_at",
                filter: "next_attempt_at is not null");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orders_halfway",
                schema: "orders",
                table: "orders",
                sql: "(state in ('pending', 'rejecting', 'cancelling')) = (next_attempt_at is not null)");

            migrationBuilder.AddCheckConstraint(
                name: "ck_orders_state",
                schema: "orders",
                table: "orders",
                sql: "state in ('pending', 'placed', 'rejecting', 'rejected', 'cancelling', 'cancelled')");
        }
    }
}
