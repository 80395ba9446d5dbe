using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class NormalizedSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Written by hand: a generated column's expression cannot be altered, only made anew, and its index with it.
            migrationBuilder.DropIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "search",
                schema: "catalog",
                table: "products");

            migrationBuilder.AddColumn<NpgsqlTsVector>(
                name: "search",
                schema: "catalog",
                table: "products",
                type: "tsvector",
                nullable: true,
                computedColumnSql: "to_tsvector('english'::regconfig, normalize(name || ' ' || description, NFKC))",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "search",
                schema: "catalog",
                table: "products");

            migrationBuilder.AddColumn<NpgsqlTsVector>(
                name: "search",
                schema: "catalog",
                table: "products",
                type: "tsvector",
                nullable: true)
                .Annotation("Npgsql:TsVectorConfig", "english")
                .Annotation("Npgsql:TsVectorProperties", new[] { "name", "description" });

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");
        }
    }
}
