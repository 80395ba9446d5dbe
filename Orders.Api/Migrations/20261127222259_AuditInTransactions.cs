using System;
using Microsoft.EntityFrameworkCore.Migrations;
using SecureShop.Storage.Audit;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class AuditInTransactions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_waiting",
                schema: "orders",
                columns: table => new
                {
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
                    table.PrimaryKey("pk_audit_waiting", x => x.mark);
                    table.CheckConstraint("ck_audit_waiting_details", "octet_length(details::text) <= 8192");
                });

            migrationBuilder.ForwardAudit("orders");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.UnforwardAudit("orders");

            migrationBuilder.DropTable(
                name: "audit_waiting",
                schema: "orders");
        }
    }
}
