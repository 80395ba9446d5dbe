namespace SecureShop.Identity.PersonalData;

internal static class PersonalDataServices
{
    /// <summary>What people may do with their own data: have it, and have it erased.</summary>
    public static void AddPersonalData(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<PersonalExport>();
        builder.Services.AddScoped<Erasure>();
    }
}
