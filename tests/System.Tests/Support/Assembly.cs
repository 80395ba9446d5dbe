using SecureShop.SystemTests.Support;

// One system for all, and one test after the other: they share two cores, its limits and its shelves.
[assembly: AssemblyFixture(typeof(ShopSystem))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
