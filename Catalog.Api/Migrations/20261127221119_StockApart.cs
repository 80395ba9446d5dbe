using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class StockApart : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_seller",
                schema: "catalog",
                table: "products");

            migrationBuilder.AddUniqueConstraint(
                name: "ux_products_seller",
                schema: "catalog",
                table: "products",
                columns: new[] { "seller_id", "id" });

            migrationBuilder.CreateTable(
                name: "stock",
                schema: "catalog",
                columns: table => new
                {
                    product_id = table.Column<Guid>(type: "uuid", nullable: false),
                    seller_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false, defaultValue: 1)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stock", x => x.product_id);
                    table.CheckConstraint("ck_stock_quantity", "quantity between 0 and 1000000");
                    table.ForeignKey(
                        name: "fk_stock_product",
                        columns: x => new { x.seller_id, x.product_id },
                        principalSchema: "catalog",
                        principalTable: "products",
                        principalColumns: new[] { "seller_id", "id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ux_stock_seller",
                schema: "catalog",
                table: "stock",
                columns: new[] { "seller_id", "product_id" },
                unique: true);

            // Written by hand: what there is of each product goes with it, and keeps its version.
            migrationBuilder.Sql("""
                insert into catalog.stock (product_id, seller_id, quantity, updated_at, version)
                select id, seller_id, stock, updated_at, stock_version from catalog.products
                """);

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_stock",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "stock",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "stock_version",
                schema: "catalog",
                table: "products");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "stock",
                schema: "catalog",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "stock_version",
                schema: "catalog",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.Sql("""
                update catalog.products as product set stock = level.quantity, stock_version = level.version
                from catalog.stock as level where level.product_id = product.id
                """);

            migrationBuilder.DropTable(
                name: "stock",
                schema: "catalog");

            migrationBuilder.DropUniqueConstraint(
                name: "ux_products_seller",
                schema: "catalog",
                table: "products");

            migrationBuilder.CreateIndex(
                name: "ix_products_seller",
                schema: "catalog",
                table: "products",
                columns: new[] { "seller_id", "id" });

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_stock",
                schema: "catalog",
                table: "products",
                sql: "stock between 0 and 1000000");
        }
    }
}
