using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Orders.Migrations
{
    /// <inheritdoc />
    public partial class Version : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Written by hand: the tool would rename xmin, which is Postgres' own column of every table.
            migrationBuilder.AddColumn<int>(
                name: "version",
                schema: "orders",
                table: "orders",
                type: "integer",
                nullable: false,
                defaultValue: 1);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "version",
                schema: "orders",
                table: "orders");
        }
    }
}
