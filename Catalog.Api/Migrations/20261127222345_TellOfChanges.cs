using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SecureShop.Catalog.Migrations
{
    /// <inheritdoc />
    public partial class TellOfChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Written by hand: whoever changes what everyone sees tells the replicas, which keep answers (docs/catalog.md). It is sent with the commit, and not without it.
            migrationBuilder.Sql("""
                create function catalog.tell_of_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
                begin
                    if tg_op <> 'INSERT' and old.published then
                        perform pg_notify('catalog_products', old.id::text);
                    elsif tg_op <> 'DELETE' and new.published then
                        perform pg_notify('catalog_products', new.id::text);
                    end if;
                    return null;
                end
                $$;

                create trigger tell_of_change after insert or update or delete on catalog.products for each row execute function catalog.tell_of_change();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                drop trigger tell_of_change on catalog.products;
                drop function catalog.tell_of_change();
                """);
        }
    }
}
