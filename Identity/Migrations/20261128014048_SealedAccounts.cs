using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Identity.Migrations
{
    /// <inheritdoc />
    public partial class SealedAccounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_users_normalized_user_name",
                schema: "identity",
                table: "users");

            migrationBuilder.DropColumn(
                name: "normalized_user_name",
                schema: "identity",
                table: "users");

            migrationBuilder.DropColumn(
                name: "user_name",
                schema: "identity",
                table: "users");

            migrationBuilder.DropColumn(
                name: "address",
                schema: "identity",
                table: "sessions");

            // What is in clear waits beside for the Database job, which seals it and removes these columns (SealingStep).
            migrationBuilder.DropIndex(
                name: "ux_users_normalized_email",
                schema: "identity",
                table: "users");

            migrationBuilder.RenameColumn(
                name: "email",
                schema: "identity",
                table: "users",
                newName: "unsealed_email");

            migrationBuilder.RenameColumn(
                name: "normalized_email",
                schema: "identity",
                table: "users",
                newName: "unsealed_normalized_email");

            migrationBuilder.RenameColumn(
                name: "display_name",
                schema: "identity",
                table: "users",
                newName: "unsealed_display_name");

            migrationBuilder.Sql("alter table identity.users alter column unsealed_display_name drop not null");

            foreach (var column in new[] { "email", "email_hash", "display_name" })
            {
                migrationBuilder.AddColumn<byte[]>(
                    name: column,
                    schema: "identity",
                    table: "users",
                    type: "bytea",
                    nullable: true);
            }

            migrationBuilder.CreateIndex(
                name: "ux_users_email_hash",
                schema: "identity",
                table: "users",
                column: "email_hash",
                unique: true);

            migrationBuilder.AddColumn<string>(
                name: "key_owner",
                schema: "identity",
                table: "users",
                type: "character varying(64)",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "data_keys",
                schema: "identity",
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

            migrationBuilder.CreateIndex(
                name: "ux_users_key_owner",
                schema: "identity",
                table: "users",
                column: "key_owner",
                unique: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_users_display_name",
                schema: "identity",
                table: "users",
                sql: "octet_length(display_name) between 29 and 349");

            migrationBuilder.AddCheckConstraint(
                name: "ck_users_email",
                schema: "identity",
                table: "users",
                sql: "octet_length(email) between 29 and 1045");

            migrationBuilder.AddCheckConstraint(
                name: "ck_users_email_hash",
                schema: "identity",
                table: "users",
                sql: "octet_length(email_hash) = 32");

            migrationBuilder.AddCheckConstraint(
                name: "ck_users_key_owner",
                schema: "identity",
                table: "users",
                sql: "key_owner = id::text");

            migrationBuilder.AddCheckConstraint(
                name: "ck_users_sealed",
                schema: "identity",
                table: "users",
                sql: "(email is null) = (email_hash is null) and (email is null) = (key_owner is null) and (display_name is null or key_owner is not null)");

            migrationBuilder.CreateIndex(
                name: "ix_data_keys_master_key",
                schema: "identity",
                table: "data_keys",
                columns: new[] { "master_key", "owner_id" });

            migrationBuilder.AddForeignKey(
                name: "fk_users_data_keys",
                schema: "identity",
                table: "users",
                column: "key_owner",
                principalSchema: "identity",
                principalTable: "data_keys",
                principalColumn: "owner_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
            => throw new NotSupportedException("What is sealed does not go back into the clear.");
    }
}
