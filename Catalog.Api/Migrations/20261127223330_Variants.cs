using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class Variants : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_stock",
                schema: "catalog",
                table: "stock");

            migrationBuilder.DropIndex(
                name: "ux_stock_seller",
                schema: "catalog",
                table: "stock");

            migrationBuilder.AddColumn<Guid>(
                name: "variant_id",
                schema: "catalog",
                table: "stock",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AlterColumn<string>(
                name: "name",
                schema: "catalog",
                table: "reservation_lines",
                type: "character varying(172)",
                maxLength: 172,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(120)",
                oldMaxLength: 120);

            migrationBuilder.AddColumn<Guid>(
                name: "variant_id",
                schema: "catalog",
                table: "reservation_lines",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "variants",
                schema: "catalog",
                table: "products",
                type: "jsonb",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddPrimaryKey(
                name: "pk_stock",
                schema: "catalog",
                table: "stock",
                columns: new[] { "product_id", "variant_id" });

            migrationBuilder.CreateIndex(
                name: "ix_stock_seller",
                schema: "catalog",
                table: "stock",
                columns: new[] { "seller_id", "product_id" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_variants",
                schema: "catalog",
                table: "products",
                sql: "jsonb_array_length(variants) <= 20");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_stock",
                schema: "catalog",
                table: "stock");

            migrationBuilder.DropIndex(
                name: "ix_stock_seller",
                schema: "catalog",
                table: "stock");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_variants",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "variant_id",
                schema: "catalog",
                table: "stock");

            migrationBuilder.DropColumn(
                name: "variant_id",
                schema: "catalog",
                table: "reservation_lines");

            migrationBuilder.DropColumn(
                name: "variants",
                schema: "catalog",
                table: "products");

            migrationBuilder.AlterColumn<string>(
                name: "name",
                schema: "catalog",
                table: "reservation_lines",
                type: "character varying(120)",
                maxLength: 120,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(172)",
                oldMaxLength: 172);

            migrationBuilder.AddPrimaryKey(
                name: "pk_stock",
                schema: "catalog",
                table: "stock",
                column: "product_id");

            migrationBuilder.CreateIndex(
                name: "ux_stock_seller",
                schema: "catalog",
                table: "stock",
                columns: new[] { "seller_id", "product_id" },
                unique: true);
        }
    }
}
