using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

// Much of these tests is waiting: for the half second that every answer about an account takes, for letters, for Postgres.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
