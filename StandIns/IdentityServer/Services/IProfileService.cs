namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Knows the users.</summary>
public interface IProfileService
{
    /// <summary>Fills in a user's claims.</summary>
    Task GetProfileDataAsync(ProfileDataRequestContext context);

    /// <summary>Says whether a user may still have tokens.</summary>
    Task IsActiveAsync(IsActiveContext context);
}
