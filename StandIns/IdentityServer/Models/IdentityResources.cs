namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>The scopes that OpenID Connect Core 5.4 defines.</summary>
public static class IdentityResources
{
    /// <summary>The subject; makes the request an OpenID Connect one.</summary>
    public class OpenId : IdentityResource
    {
        /// <summary>Scope <c>openid</c>.</summary>
        public OpenId()
            : base(IdentityServerConstants.StandardScopes.OpenId, "Your identifier", [ClaimNames.Subject]) => Required = true;
    }

    /// <summary>Name and other public data.</summary>
    public class Profile : IdentityResource
    {
        /// <summary>Scope <c>profile</c>.</summary>
        public Profile()
            : base(IdentityServerConstants.StandardScopes.Profile, "Your profile",
            [
                ClaimNames.Name, "family_name", "given_name", "middle_name", "nickname", ClaimNames.PreferredUserName, "profile", "picture",
                "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
            ]) => Emphasize = true;
    }

    /// <summary>The e-mail address.</summary>
    public class Email : IdentityResource
    {
        /// <summary>Scope <c>email</c>.</summary>
        public Email()
            : base(IdentityServerConstants.StandardScopes.Email, "Your e-mail address", [ClaimNames.Email, ClaimNames.EmailVerified]) => Emphasize = true;
    }

    /// <summary>The telephone number.</summary>
    public class Phone : IdentityResource
    {
        /// <summary>Scope <c>phone</c>.</summary>
        public Phone()
            : base(IdentityServerConstants.StandardScopes.Phone, "Your telephone number", ["phone_number", "phone_number_verified"]) => Emphasize = true;
    }

    /// <summary>The postal address.</summary>
    public class Address : IdentityResource
    {
        /// <summary>Scope <c>address</c>.</summary>
        public Address()
            : base(IdentityServerConstants.StandardScopes.Address, "Your postal address", ["address"]) => Emphasize = true;
    }
}
