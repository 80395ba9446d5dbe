namespace SecureShop.StandIns.AspireHosting.Certificates;

/// <summary>The ways to trust the development authority.</summary>
internal static class TrustInstructions
{
    public static string For(string path) => $"""
        curl, once         curl --cacert {path} https://localhost:7443/
        Debian, Ubuntu     sudo cp {path} /usr/local/share/ca-certificates/secureshop.crt && sudo update-ca-certificates
        Fedora             sudo cp {path} /etc/pki/ca-trust/source/anchors/secureshop.pem && sudo update-ca-trust
        macOS              security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {path}
        Windows (WSL)      certutil.exe -user -addstore Root "$(wslpath -w {path})"
        Chromium on Linux  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n SecureShop -i {path}
        Firefox            Settings, Certificates, View Certificates, Authorities, Import: {path}
        It can vouch for localhost and loopback addresses only.
        """;
}
