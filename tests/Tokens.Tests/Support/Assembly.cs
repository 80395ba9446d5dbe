using System.Reflection;

[assembly: AssemblyFixture(typeof(Replicas))]

namespace SecureShop.Tokens.Tests.Support;

/// <summary>The suite is one for both engines, and knows which one it runs against for <see cref="EngineDifferences"/> alone.</summary>
internal static class Engine
{
    public static bool IsDuende { get; } = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(fact => fact.Key == "TokenEngine").Value == "Duende";
}
