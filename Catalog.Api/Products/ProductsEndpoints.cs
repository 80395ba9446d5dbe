using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SecureShop.Catalog.GuestCache;
using SecureShop.Catalog.Variants;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Catalog.Products;

/// <summary>The products API: the routes with their access rules, then the handlers.</summary>
internal static class ProductsEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");

        products.MapGet("/", ListProductsAsync).RequireAccess(AccessTable.ListProducts).KeptForGuests(app)
            .WithSummary("Lists published products, or with mine=true the caller's own.");

        products.MapGet("/{id:guid}", GetProductAsync).RequireAccess(AccessTable.GetProduct).KeptForGuests(app)
            .WithSummary("Reads one product; 304 when If-None-Match names its version.").Produces(StatusCodes.Status304NotModified);

        products.MapPost("/", CreateProductAsync).RequireAccess(AccessTable.CreateProduct)
            .WithSummary("Adds a product of the caller's.");

        products.MapPut("/{id:guid}", ReplaceProductAsync).RequireAccess(AccessTable.ReplaceProduct)
            .WithSummary("Replaces a product; If-Match must name the version that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

        products.MapDelete("/{id:guid}", DeleteProductAsync).RequireAccess(AccessTable.DeleteProduct)
            .WithSummary("Deletes a product; with If-Match only in the version that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    internal static async Task<Results<Ok<Page<ProductResponse>>, Ok<Page<OwnProductResponse>>, ValidationProblem, ChallengeHttpResult, ForbidHttpResult>> ListProductsAsync(
        [AsParameters] ProductListQuery query, HttpContext http, PublishedProducts published, ProductQueries products, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var filter = ProductFilter.Read(query, reader);
        if (!reader.IsValid)
            return reader.Problem();

        if (!filter.Own)
            return TypedResults.Ok(await published.ListAsync(filter, cancellationToken));

        if (http.User.SubjectOrNull() is not { } owner)
        {
            SecurityLog.Of(http, StatusCodes.Status401Unauthorized).AccessRefused(RefusalReason.NoCredential);
            return TypedResults.Challenge();
        }

        if (!http.User.HasRole(Role.Seller) && !http.User.HasRole(Role.Admin))
        {
            SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingRole);
            return TypedResults.Forbid();
        }

        return TypedResults.Ok(await products.ListOwnAsync(filter, owner, cancellationToken));
    }

    internal static async Task<Results<Ok<ProductResponse>, Ok<OwnProductResponse>, StatusCodeHttpResult, NotFound>> GetProductAsync(
        Guid id, HttpContext http, PublishedProducts published, ProductQueries products, CancellationToken cancellationToken)
    {
        // Who has no subject owns nothing.
        if (http.User.SubjectOrNull() is null)
        {
            if (await published.FindAsync(id, cancellationToken) is not var (shown, publicTag))
                return await NotFoundAsync(http, products, id, cancellationToken);

            // The answer is known, and asked for all the same: nothing leaves an endpoint with an owner that nobody has judged.
            await products.IsOwnAsync(shown, http.User, AccessTable.GetProduct.Ownership);
            return Shown.IsCached(http, publicTag, own: false) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(shown);
        }

        if (await products.FindVisibleAsync(id, http.User, cancellationToken) is not var (product, own))
            return await NotFoundAsync(http, products, id, cancellationToken);
        if (Shown.IsCached(http, ProductTag.Of(product, own), own))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return own ? TypedResults.Ok(OwnProductResponse.Of(product)) : TypedResults.Ok(ProductResponse.Of(product));
    }

    internal static async Task<Results<Created<OwnProductResponse>, ValidationProblem>> CreateProductAsync(
        ProductRequest request, IOptions<ShopOptions> shop, [AsParameters] ProductServices services, CancellationToken cancellationToken)
    {
        var (http, products, commands, pictures) = services;
        if (pictures.Read(request.Images, out var refused) is not { } images)
            return ImageElsewhere(refused);
        if (!await products.CategoryExistsAsync(request.Category, cancellationToken))
            return UnknownCategory();
        if (VariantReader.Read(request.Variants, [], out var wrong) is not { } variants)
            return wrong!;
        if (variants.Length > 0 && request.Stock > 0)
            return Wrong("stock", "0 where there are variants: each is counted by itself.");

        var product = await commands.AddAsync(request, images, variants, http.User.Subject(), cancellationToken);
        http.Response.GetTypedHeaders().ETag = ProductTag.Of(product, own: true);
        return TypedResults.Created(shop.Value.AddressOf($"api/catalog/products/{product.Id:D}"), OwnProductResponse.Of(product));
    }

    internal static async Task<Results<Ok<OwnProductResponse>, ValidationProblem, NotFound, ProblemHttpResult>> ReplaceProductAsync(
        Guid id, ReplaceProductRequest request, [AsParameters] ProductServices services, CancellationToken cancellationToken)
    {
        var (http, products, commands, pictures) = services;
        if (pictures.Read(request.Images, out var refused) is not { } images)
            return ImageElsewhere(refused);
        if (!await products.CategoryExistsAsync(request.Category, cancellationToken))
            return UnknownCategory();
        if (await products.FindToChangeAsync(id, http.User, cancellationToken) is not { } product)
            return await NotFoundAsync(http, products, id, cancellationToken);
        if (Preconditions.Check(http.Request, tag => ProductTag.Names(tag, product), required: true) is { } unmet)
            return unmet;
        if (VariantReader.Read(request.Variants, product.Variants, out var wrong) is not { } variants)
            return wrong!;
        if (!await commands.TryReplaceAsync(product, request, images, variants, cancellationToken))
            return Preconditions.Failed();
        return await ReadAgainAsync(http, products, id, cancellationToken) is { } changed ? TypedResults.Ok(changed) : Preconditions.Failed();
    }

    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteProductAsync(
        Guid id, [AsParameters] ProductServices services, CancellationToken cancellationToken)
    {
        var (http, products, commands, _) = services;
        if (await products.FindToChangeAsync(id, http.User, cancellationToken) is not { } product)
            return await NotFoundAsync(http, products, id, cancellationToken);
        if (Preconditions.Check(http.Request, tag => ProductTag.Names(tag, product)) is { } unmet)
            return unmet;
        return await commands.TryDeleteAsync(product, cancellationToken) ? TypedResults.NoContent() : Preconditions.Failed();
    }

    /// <summary>The product after a change, with the tag of just what is shown; null where it has been deleted meanwhile.</summary>
    private static async Task<OwnProductResponse?> ReadAgainAsync(HttpContext http, ProductQueries products, Guid id, CancellationToken cancellationToken)
    {
        if (await products.FindChangedAsync(id, cancellationToken) is not { } product)
            return null;
        http.Response.GetTypedHeaders().ETag = ProductTag.Of(product, own: true);
        return OwnProductResponse.Of(product);
    }

    /// <summary>
    /// The answer for "none" and for "not yours". Who names another's product leaves an event; whether there is one is asked in
    /// both cases, so that the work, and with it the time, tells no more than the answer does.
    /// </summary>
    internal static async Task<NotFound> NotFoundAsync(HttpContext http, ProductQueries products, Guid id, CancellationToken cancellationToken)
    {
        if (await products.ExistsAsync(id, cancellationToken))
            SecurityLog.Of(http, StatusCodes.Status404NotFound).OwnershipRefused();
        return TypedResults.NotFound();
    }

    private static ValidationProblem ImageElsewhere(int place) => Wrong(
        $"images[{place}]", "Another https address at one of the hosts that the shop takes pictures from, of at most 500 characters, and written as a browser writes it.");

    private static ValidationProblem UnknownCategory() => Wrong("category", "The id of a category, as GET /categories lists them.");

    private static ValidationProblem Wrong(string field, string rule)
        => TypedResults.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [rule] });
}

/// <summary>What a handler that changes products needs besides the request's own parameters.</summary>
internal sealed record ProductServices(HttpContext Http, ProductQueries Queries, ProductCommands Commands, ProductImages Images);
