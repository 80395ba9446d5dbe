using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
