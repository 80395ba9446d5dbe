using SecureShop.Browsing;
using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(ChromiumFixture))]

// Much of these tests is waiting: for the half second that every answer about an account takes, for letters, for Postgres.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
