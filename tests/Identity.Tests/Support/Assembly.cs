using SecureShop.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

// A sign-in takes its half second whether there is something to do or not: most of these tests wait.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]
