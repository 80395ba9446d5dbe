using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class NumberedMovements : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "number",
                schema: "orders",
                table: "development_movements",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ux_development_movements_number",
                schema: "orders",
                table: "development_movements",
                columns: new[] { "payment", "number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_development_movements_number",
                schema: "orders",
                table: "development_movements");

            migrationBuilder.DropColumn(
                name: "number",
                schema: "orders",
                table: "development_movements");
        }
    }
}
