using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class ReservationsExpire : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Written by hand: orders that took stock before there was an end to it are confirmed orders, and must not expire. By
            // defaults, which the rows that are there get, and no row after them.
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                schema: "catalog",
                table: "reservations",
                type: "timestamp with time zone",
                nullable: false,
                defaultValueSql: "now()");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "confirmed_at",
                schema: "catalog",
                table: "reservations",
                type: "timestamp with time zone",
                nullable: true,
                defaultValueSql: "now()");

            migrationBuilder.Sql("alter table catalog.reservations alter column expires_at drop default, alter column confirmed_at drop default");

            migrationBuilder.AddColumn<bool>(
                name: "expired",
                schema: "catalog",
                table: "reservations",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddCheckConstraint(
                name: "ck_reservations_expired",
                schema: "catalog",
                table: "reservations",
                sql: "not expired or (released_at is not null and confirmed_at is null)");

            migrationBuilder.CreateIndex(
                name: "ix_reservations_held",
                schema: "catalog",
                table: "reservations",
                column: "expires_at",
                filter: "confirmed_at is null and released_at is null");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "sold_at",
                schema: "catalog",
                table: "reservation_lines",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.Sql("""
                update catalog.reservation_lines as line set sold_at = reservation.created_at
                from catalog.reservations as reservation
                where reservation.order_id = line.order_id and reservation.released_at is null
                """);

            migrationBuilder.CreateIndex(
                name: "ix_reservation_lines_sales",
                schema: "catalog",
                table: "reservation_lines",
                columns: new[] { "seller_id", "sold_at", "order_id", "position" },
                filter: "sold_at is not null");

            migrationBuilder.AddColumn<string>(
                name: "language",
                schema: "catalog",
                table: "products",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "english");

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_language",
                schema: "catalog",
                table: "products",
                sql: "language in ('simple', 'english', 'french', 'german', 'italian', 'spanish', 'swedish')");

            migrationBuilder.AddColumn<string[]>(
                name: "images",
                schema: "catalog",
                table: "products",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddCheckConstraint(
                name: "ck_products_images",
                schema: "catalog",
                table: "products",
                sql: "cardinality(images) <= 8");

            // A generated column's expression cannot be altered, only made anew, and its index with it.
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
                computedColumnSql: "setweight(to_tsvector(case language when 'simple' then 'simple'::regconfig when 'french' then 'french'::regconfig when 'german' then 'german'::regconfig when 'italian' then 'italian'::regconfig when 'spanish' then 'spanish'::regconfig when 'swedish' then 'swedish'::regconfig else 'english'::regconfig end, translate(replace(replace(replace(replace(replace(normalize(regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f]', '', 'g'), NFKC), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'), 'øØłŁđĐı', 'oOlLdDi')), 'A') || setweight(to_tsvector(case language when 'simple' then 'simple'::regconfig when 'french' then 'french'::regconfig when 'german' then 'german'::regconfig when 'italian' then 'italian'::regconfig when 'spanish' then 'spanish'::regconfig when 'swedish' then 'swedish'::regconfig else 'english'::regconfig end, translate(replace(replace(replace(replace(replace(normalize(regexp_replace(normalize(description, NFKD), '[\\u0300-\\u036f]', '', 'g'), NFKC), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'), 'øØłŁđĐı', 'oOlLdDi')), 'B') || array_to_tsvector(array['language=' || language, 'category=' || category_id, 'seller=' || seller_id])",
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
                nullable: true,
                computedColumnSql: "to_tsvector('english'::regconfig, normalize(name || ' ' || description, NFKC))",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_products_search",
                schema: "catalog",
                table: "products",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_images",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "images",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropCheckConstraint(
                name: "ck_products_language",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropColumn(
                name: "language",
                schema: "catalog",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_reservation_lines_sales",
                schema: "catalog",
                table: "reservation_lines");

            migrationBuilder.DropColumn(
                name: "sold_at",
                schema: "catalog",
                table: "reservation_lines");

            migrationBuilder.DropIndex(
                name: "ix_reservations_held",
                schema: "catalog",
                table: "reservations");

            migrationBuilder.DropCheckConstraint(
                name: "ck_reservations_expired",
                schema: "catalog",
                table: "reservations");

            migrationBuilder.DropColumn(
                name: "expires_at",
                schema: "catalog",
                table: "reservations");

            migrationBuilder.DropColumn(
                name: "confirmed_at",
                schema: "catalog",
                table: "reservations");

            migrationBuilder.DropColumn(
                name: "expired",
                schema: "catalog",
                table: "reservations");
        }
    }
}
