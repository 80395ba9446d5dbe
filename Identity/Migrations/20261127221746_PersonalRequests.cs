using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Identity.Migrations
{
    /// <inheritdoc />
    public partial class PersonalRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "personal_requests",
                schema: "identity",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    kind = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    asked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_personal_requests", x => x.id);
                    table.CheckConstraint("ck_personal_requests_kind", "kind in ('Export', 'Erase')");
                });

            migrationBuilder.CreateTable(
                name: "personal_parts",
                schema: "identity",
                columns: table => new
                {
                    request_id = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    state = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_personal_parts", x => new { x.request_id, x.service });
                    table.CheckConstraint("ck_personal_parts_answered", "(state = 'Open') = (answered_at is null)");
                    table.CheckConstraint("ck_personal_parts_content", "content is null or (state = 'Done' and octet_length(content) <= 1049600)");
                    table.CheckConstraint("ck_personal_parts_state", "state in ('Open', 'Done', 'TooLarge')");
                    table.ForeignKey(
                        name: "fk_personal_parts_personal_requests",
                        column: x => x.request_id,
                        principalSchema: "identity",
                        principalTable: "personal_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_personal_parts_open",
                schema: "identity",
                table: "personal_parts",
                columns: new[] { "service", "request_id" },
                filter: "state = 'Open'");

            migrationBuilder.CreateIndex(
                name: "ux_personal_requests_subject_kind",
                schema: "identity",
                table: "personal_requests",
                columns: new[] { "subject", "kind" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "personal_parts",
                schema: "identity");

            migrationBuilder.DropTable(
                name: "personal_requests",
                schema: "identity");
        }
    }
}
