using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using SecureShop.Identity.Data;
using SecureShop.Storage.Sealing;

namespace SecureShop.Database;

/// <summary>Accounts by Identity's own rules, on the job's connection: what is sealed is sealed here by the same keys.</summary>
internal static class IdentityAccess
{
    public static IServiceCollection Of(NpgsqlConnection admin, IConfiguration keys, TimeProvider clock)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(clock);
        services.AddDbContext<IdentityDbContext>(options => options.UseNpgsql(admin).UseSnakeCaseNamingConvention().UseSealedRows());
        services.AddIdentityData();
        try
        {
            return services.AddSealedRows(keys);
        }
        catch (OptionsValidationException fault)
        {
            // The job has Identity's keys in a section of its own.
            throw new JobException(fault.Message.Replace("Set Sealing__", "Set Seed__Sealing__", StringComparison.Ordinal));
        }
    }
}
