using System;
using Microsoft.EntityFrameworkCore.Migrations;
using SecureShop.Storage.Audit;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_events",
                schema: "catalog",
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

            migrationBuilder.CreateIndex(
                name: "ix_audit_events_subject",
                schema: "catalog",
                table: "audit_events",
                columns: new[] { "subject", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_audit_events_mark",
                schema: "catalog",
                table: "audit_events",
                column: "mark",
                unique: true);

            migrationBuilder.ChainAudit("catalog");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.UnchainAudit("catalog");

            migrationBuilder.DropTable(
                name: "audit_events",
                schema: "catalog");
        }
    }
}
