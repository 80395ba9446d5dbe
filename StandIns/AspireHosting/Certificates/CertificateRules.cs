using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.StandIns.AspireHosting.Certificates;

/// <summary>What the development authority and its leaves look like.</summary>
internal static class CertificateRules
{
    private const string NameConstraints = "2.5.29.30";
    private static readonly OidCollection ServerOnly = [new Oid("1.3.6.1.5.5.7.3.1")];
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(730);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(30);

    // The clocks of a container and its host differ by seconds.
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    /// <summary>A self-signed authority that can vouch for this machine's loopback alone.</summary>
    public static X509Certificate2 CreateAuthority(ECDsa key, DateTimeOffset now)
    {
        // The number tells several clones' authorities apart in a browser's list.
        var number = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var request = new CertificateRequest($"CN=SecureShop development {number}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(ServerOnly, critical: false));
        request.CertificateExtensions.Add(new X509Extension(NameConstraints, LoopbackOnly(), critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Backdating, now + AuthorityLife);
    }

    /// <summary>A server's certificate, valid for a month at most and never longer than its authority.</summary>
    public static X509Certificate2 CreateLeaf(X509Certificate2 authority, string name, ECDsa key, DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(ServerOnly, critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName($"{name}.localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        var end = now + LeafLife;
        var last = new DateTimeOffset(authority.NotAfter);
        return request.Create(authority, now - Backdating, end < last ? end : last, SerialNumber());
    }

    // RFC 5280, 4.2.1.10. Whoever steals this authority's key from a laptop can impersonate that laptop's loopback to
    // those who trust it, and no web site.
    private static byte[] LoopbackOnly()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            // Also stands for every name below it: catalog.localhost.
            using (writer.PushSequence())
                writer.WriteCharacterString(UniversalTagNumber.IA5String, "localhost", new Asn1Tag(TagClass.ContextSpecific, 2));
            WriteAddress(writer, [127, 0, 0, 0, 255, 0, 0, 0]);
            WriteAddress(writer, [.. IPAddress.IPv6Loopback.GetAddressBytes(), .. Enumerable.Repeat((byte)255, 16)]);
        }

        return writer.Encode();
    }

    private static void WriteAddress(AsnWriter writer, byte[] addressAndMask)
    {
        using (writer.PushSequence())
            writer.WriteOctetString(addressAndMask, new Asn1Tag(TagClass.ContextSpecific, 7));
    }

    private static byte[] SerialNumber()
    {
        var number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)((number[0] & 0x7F) | 0x40);
        return number;
    }
}
