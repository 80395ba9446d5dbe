using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace SecureShop.Identity.Keys;

/// <summary>Seals a key-ring element with AES-256-GCM under the master key.</summary>
internal sealed class SealedXmlEncryptor(MasterKey master) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var sealedBytes = new byte[plain.Length];
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using (var cipher = master.Cipher())
            cipher.Encrypt(nonce, plain, sealedBytes, tag, SealedXml.Header(master.Id));
        CryptographicOperations.ZeroMemory(plain);

        var element = new XElement(
            SealedXml.Element,
            new XAttribute(SealedXml.Key, master.Id),
            Convert.ToBase64String([.. nonce, .. tag, .. sealedBytes]));
        return new EncryptedXmlInfo(element, typeof(SealedXmlDecryptor));
    }
}

/// <summary>Opens what <see cref="SealedXmlEncryptor"/> sealed. The key ring makes it by its type name, with this constructor.</summary>
internal sealed class SealedXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var master = services.GetRequiredService<MasterKey>();
        var id = (string?)encryptedElement.Attribute(SealedXml.Key) ?? "";
        if (id != master.Id)
        {
            throw new CryptographicException(
                $"The key ring was sealed under another {MasterKey.Setting} (id {id}). Start Identity with that key.");
        }

        var bytes = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var nonce = bytes[..AesGcm.NonceByteSizes.MaxSize];
        var tag = bytes.Slice(nonce.Length, AesGcm.TagByteSizes.MaxSize);
        var sealedBytes = bytes[(nonce.Length + tag.Length)..];
        var plain = new byte[sealedBytes.Length];
        using var cipher = master.Cipher();
        cipher.Decrypt(nonce, sealedBytes, tag, plain, SealedXml.Header(id));
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}

internal static class SealedXml
{
    public const string Element = "sealed";
    public const string Key = "key";

    /// <summary>Bound into the seal, so that a sealed element cannot be passed off as made under another key or format.</summary>
    public static byte[] Header(string keyId) => Encoding.UTF8.GetBytes($"secureshop/key-ring/v1/{keyId}");
}
