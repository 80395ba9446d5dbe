using System.Text.Json.Serialization;
using SecureShop.Catalog.Categories;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Reservations;
using SecureShop.Catalog.Sales;
using SecureShop.Catalog.Stock;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Data;

/// <summary>How answers are written, worked out when the service is built and not when it runs. Requests are read by the rules of AddStrictInput.</summary>
[JsonSerializable(typeof(ProductResponse))]
[JsonSerializable(typeof(Page<ProductResponse>))]
[JsonSerializable(typeof(OwnProductResponse))]
[JsonSerializable(typeof(Page<OwnProductResponse>))]
[JsonSerializable(typeof(StockResponse))]
[JsonSerializable(typeof(OwnStockResponse))]
[JsonSerializable(typeof(CategoryResponse[]))]
[JsonSerializable(typeof(ReservationResponse))]
[JsonSerializable(typeof(Page<SaleResponse>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
