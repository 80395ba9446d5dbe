using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class Versions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Written by hand: the tool would rename xmin, which is Postgres' own column of every table.
            migrationBuilder.AddColumn<int>(
                name: "version",
                schema: "catalog",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "stock_version",
                schema: "catalog",
                table: "products",
                type: "integer",
                nullable: false,
                defaultValue: 1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "stock_version",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "version",
                schema: "catalog",
                table: "products");
        }
    }
}
