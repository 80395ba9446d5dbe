using System.Net;
using System.Text.Json;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Services;

namespace SecureShop.Orders.Catalog;

/// <summary>
/// Reserves, confirms and releases stock in the catalog. All calls may be repeated with the same order id; the catalog acts once.
/// </summary>
internal sealed partial class CatalogClient(HttpClient http, ILogger<CatalogClient> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { MaxDepth = 8 };

    public async Task<Reservation> ReserveAsync(Order order, CancellationToken cancellationToken)
    {
        var lines = order.Lines.OrderBy(line => line.Position).Select(line => new ReservationRequestLine(line.ProductId, line.VariantId, line.Quantity));
        using var request = new HttpRequestMessage(HttpMethod.Put, Path(order, ""));
        request.Content = JsonContent.Create(new ReservationRequest([.. lines]), options: Json);
        try
        {
            using var response = await http.SendAsync(request.MarkIdempotent(), cancellationToken);
            var reservation = await ReadAsync(response, order, cancellationToken);
            if (reservation is Reservation.Invalid invalid)
                AnswerNotCredible(order.Id, invalid.Reason);
            return reservation;
        }
        catch (JsonException)
        {
            AnswerNotCredible(order.Id, "the body is not the JSON that was agreed on");
            return new Reservation.Invalid("not JSON");
        }
        catch (Exception failure) when (IsUnanswered(failure))
        {
            CatalogSilent(order.Id, failure);
            return new Reservation.Unknown();
        }
    }

    /// <summary>Makes what the catalog holds for the order final.</summary>
    public async Task<Confirmation> ConfirmAsync(Order order, CancellationToken cancellationToken)
        => await SendAsync(HttpMethod.Put, order, "/confirmed", cancellationToken) switch
        {
            null => Confirmation.Unknown,
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Confirmation.Done,
            HttpStatusCode.NotFound or HttpStatusCode.Conflict => Confirmation.Ended,
            _ => Confirmation.Unknown,
        };

    /// <summary>Whether the catalog has confirmed that it holds nothing for the order.</summary>
    public async Task<Release> ReleaseAsync(Order order, CancellationToken cancellationToken)
        => await SendAsync(HttpMethod.Delete, order, "", cancellationToken) switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => Release.Done,
            null or HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => Release.Unknown,
            _ => Release.Failed,
        };

    /// <summary>What the catalog answered, or null where it did not.</summary>
    private async Task<HttpStatusCode?> SendAsync(HttpMethod method, Order order, string what, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Path(order, what));
        try
        {
            using var response = await http.SendAsync(request.MarkIdempotent(), cancellationToken);
            if (!response.IsSuccessStatusCode)
                CatalogRefused(order.Id, (int)response.StatusCode);
            return response.StatusCode;
        }
        catch (Exception failure) when (IsUnanswered(failure))
        {
            CatalogSilent(order.Id, failure);
            return null;
        }
    }

    private async Task<Reservation> ReadAsync(HttpResponseMessage response, Order order, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                var answer = await response.Content.ReadFromJsonAsync<ReservationAnswer>(Json, cancellationToken);
                return ReservationCheck.Read(answer, order.Lines);

            case HttpStatusCode.Conflict:
                var problem = await response.Content.ReadFromJsonAsync<ReservationProblem>(Json, cancellationToken);
                var named = order.Lines.Exists(line => line.ProductId == problem?.ProductId);
                return new Reservation.Refused(named ? problem!.ProductId : null);

            // The catalog or our own token is in trouble, not the order: the catalog is asked again.
            case >= HttpStatusCode.InternalServerError or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests:
                CatalogRefused(order.Id, (int)response.StatusCode);
                return new Reservation.Unknown();

            default:
                return new Reservation.Invalid($"status {(int)response.StatusCode}");
        }
    }

    private static bool IsUnanswered(Exception failure) => failure is HttpRequestException or OperationCanceledException;

    private static Uri Path(Order order, string what) => new($"reservations/{order.Id:D}{what}", UriKind.Relative);

    [LoggerMessage(5001, LogLevel.Error, "The catalog's answer for order {OrderId} is not credible: {Why}.")]
    private partial void AnswerNotCredible(Guid orderId, string why);

    [LoggerMessage(5002, LogLevel.Warning, "The catalog answered {Status} for order {OrderId}.")]
    private partial void CatalogRefused(Guid orderId, int status);

    [LoggerMessage(5003, LogLevel.Warning, "The catalog did not answer for order {OrderId}.")]
    private partial void CatalogSilent(Guid orderId, Exception failure);
}
