using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using SecureShop.Storage.Audit;

#nullable disable

namespace SecureShop.Identity.Migrations
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<long>(
                name: "id",
                schema: "identity",
                table: "audit_events",
                type: "bigint",
                nullable: false,
                oldClrType: typeof(long),
                oldType: "bigint")
                .OldAnnotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn);

            migrationBuilder.AddColumn<byte[]>(
                name: "hash",
                schema: "identity",
                table: "audit_events",
                type: "bytea",
                nullable: true);

            // Written by hand: the rows that are there get their hashes before they need one.
            migrationBuilder.ChainAudit("identity");

            migrationBuilder.AlterColumn<byte[]>(
                name: "hash",
                schema: "identity",
                table: "audit_events",
                type: "bytea",
                nullable: false,
                oldClrType: typeof(byte[]),
                oldType: "bytea",
                oldNullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_audit_events_hash",
                schema: "identity",
                table: "audit_events",
                sql: "octet_length(hash) = 33");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.UnchainAudit("identity");

            migrationBuilder.DropCheckConstraint(
                name: "ck_audit_events_hash",
                schema: "identity",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "hash",
                schema: "identity",
                table: "audit_events");

            migrationBuilder.AlterColumn<long>(
                name: "id",
                schema: "identity",
                table: "audit_events",
                type: "bigint",
                nullable: false,
                oldClrType: typeof(long),
                oldType: "bigint")
                .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn);
        }
    }
}
