using System.Text.Json;

namespace SecureShop.Storage.Payments;

/// <summary>A notice on the wire: something has become of a payment. Everything may be missing: it comes from outside.</summary>
/// <param name="Type">What has become of it, in the provider's words.</param>
/// <param name="Data">Of which payment.</param>
public sealed record PaymentNotice(string? Type, PaymentNoticeData? Data)
{
    /// <summary>As many bytes a notice has at most.</summary>
    public const int LargestBody = 16 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    /// <summary>The bytes of a notice as they came; null where there are too many.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var body = new byte[LargestBody + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length > LargestBody ? null : body[..length];
    }

    /// <summary>Which payment a notice is about; null where it names none, or is none.</summary>
    public static Guid? PaymentOf(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<PaymentNotice>(body, Json)?.Data?.Payment;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Which payment a notice is about.</summary>
/// <param name="Payment">Its key: the order's id.</param>
public sealed record PaymentNoticeData(Guid? Payment);
