using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Contracts;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults;

namespace SecureShop.Catalog.Products;

/// <summary>The products API: the routes with their access rules, then the handlers.</summary>
internal static class ProductsEndpoints
{
    private static readonly AccessRule Read = AccessRule.ForScope(Scope.CatalogRead).OrGuests();

    private static readonly AccessRule Write = AccessRule.ForScope(Scope.CatalogWrite).WithRoles(Role.Seller, Role.Admin);

    private static readonly AccessRule WriteOwn = Write.WithOwnership("the product's seller; an admin changes any");

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");

        products.MapGet("/", List).RequireAccess(Read)
            .WithName("ListProducts").WithSummary("Lists published products, or with mine=true the caller's own.");

        products.MapGet("/{id:guid}", Get).RequireAccess(Read.WithOwnership("drafts and private fields: the product's seller, an admin"))
            .WithName("GetProduct").WithSummary("Reads one product; 304 when If-None-Match names its version.");

        products.MapPost("/", Create).RequireAccess(Write)
            .WithName("CreateProduct").WithSummary("Adds a product of the caller's.");

        products.MapPut("/{id:guid}", Replace).RequireAccess(WriteOwn)
            .WithName("ReplaceProduct").WithSummary("Replaces a product, its stock only where that is given; If-Match must name the version that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

        products.MapPut("/{id:guid}/stock", SetStock).RequireAccess(WriteOwn)
            .WithName("SetStock").WithSummary("Sets the stock after a count; If-Match must name the version that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);

        products.MapDelete("/{id:guid}", Delete).RequireAccess(WriteOwn)
            .WithName("DeleteProduct").WithSummary("Deletes a product; with If-Match only in the version that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<Results<Ok<Page<ProductResponse>>, Ok<Page<OwnProductResponse>>, ValidationProblem, ChallengeHttpResult, ForbidHttpResult>> List(
        [AsParameters] ProductListQuery query, HttpContext http, ClaimsPrincipal user, CatalogDbContext database, CancellationToken cancellationToken)
    {
        if (ProductFilter.Read(query, out var errors) is not { } filter)
            return TypedResults.ValidationProblem(errors);

        if (!filter.Mine)
            return TypedResults.Ok(await ProductList.PublishedAsync(database, filter, cancellationToken));

        if (user.SubjectOrNull() is not { } owner)
        {
            SecurityLog.Of(http, StatusCodes.Status401Unauthorized).AccessRefused(RefusalReason.NoCredential);
            return TypedResults.Challenge();
        }

        if (!user.HasRole(Role.Seller) && !user.HasRole(Role.Admin))
        {
            SecurityLog.Of(http, StatusCodes.Status403Forbidden).AccessRefused(RefusalReason.MissingRole);
            return TypedResults.Forbid();
        }

        return TypedResults.Ok(await ProductList.OwnAsync(database, filter, owner, cancellationToken));
    }

    private static async Task<Results<Ok<ProductResponse>, Ok<OwnProductResponse>, StatusCodeHttpResult, NotFound>> Get(
        Guid id,
        HttpContext http,
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        CatalogDbContext database,
        CancellationToken cancellationToken)
    {
        var subject = user.SubjectOrNull();
        var admin = user.HasRole(Role.Admin);
        var product = await database.Products.AsNoTracking().SingleOrDefaultAsync(
            product => product.Id == id && (product.Published || admin || product.SellerId == subject), cancellationToken);
        if (product is null)
            return await NotFoundAsync(http, database, id, cancellationToken);

        var own = await MayChangeAsync(authorization, user, product);
        if (!own && !product.Published)
            return await NotFoundAsync(http, database, id, cancellationToken);

        // The answer depends on who asks: a shared cache must not hand the owner's to a guest.
        var tag = ETags.Of(product, own);
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.Vary = "Authorization";
        http.Response.Headers.CacheControl = own ? "private, no-cache" : "no-cache";

        if (ETags.IsCached(http.Request, tag))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return own ? TypedResults.Ok(OwnProductResponse.Of(product)) : TypedResults.Ok(ProductResponse.Of(product));
    }

    private static async Task<Results<Created<OwnProductResponse>, ValidationProblem>> Create(
        ProductRequest request, HttpContext http, ClaimsPrincipal user, TimeProvider clock, CatalogDbContext database, CancellationToken cancellationToken)
    {
        if (!await IsCategoryAsync(database, request.Category, cancellationToken))
            return UnknownCategory();

        var now = Now(clock);
        var product = new Product
        {
            Id = Guid.CreateVersion7(now),
            SellerId = user.Subject(),
            Name = NormalizedText.Shown(request.Name),
            Description = NormalizedText.Shown(request.Description),
            CategoryId = request.Category,
            Price = request.Price,
            Currency = request.Currency,
            Cost = request.Cost,
            Supplier = request.Supplier is null ? null : NormalizedText.Shown(request.Supplier),
            Stock = request.Stock,
            Published = request.Published,
            CreatedAt = now,
            UpdatedAt = now,
        };
        database.Products.Add(product);
        await database.SaveChangesAsync(cancellationToken);

        http.Response.GetTypedHeaders().ETag = ETags.Of(product, own: true);

        // Relative, so that it is right behind the gateway's prefix too.
        return TypedResults.Created($"products/{product.Id:D}", OwnProductResponse.Of(product));
    }

    private static async Task<Results<Ok<OwnProductResponse>, ValidationProblem, NotFound, ProblemHttpResult>> Replace(
        Guid id,
        ReplaceProductRequest request,
        HttpContext http,
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        TimeProvider clock,
        CatalogDbContext database,
        CancellationToken cancellationToken)
    {
        if (!await IsCategoryAsync(database, request.Category, cancellationToken))
            return UnknownCategory();
        if (await FindToChangeAsync(database, authorization, user, id, cancellationToken) is not { } product)
            return await NotFoundAsync(http, database, id, cancellationToken);
        var part = request.Stock is null ? ProductParts.Description : ProductParts.Description | ProductParts.Stock;
        if (Precondition(http.Request, product, part, required: true) is { } unmet)
            return unmet;
        if (!await ProductChanges.TryReplaceAsync(database, product, request, Now(clock), cancellationToken))
            return Changed();
        return await ReadAgainAsync(http, database, id, cancellationToken) is { } changed ? TypedResults.Ok(changed) : Changed();
    }

    private static async Task<Results<Ok<OwnProductResponse>, NotFound, ProblemHttpResult>> SetStock(
        Guid id,
        StockRequest request,
        HttpContext http,
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        TimeProvider clock,
        CatalogDbContext database,
        CancellationToken cancellationToken)
    {
        if (await FindToChangeAsync(database, authorization, user, id, cancellationToken) is not { } product)
            return await NotFoundAsync(http, database, id, cancellationToken);
        if (Precondition(http.Request, product, ProductParts.Stock, required: true) is { } unmet)
            return unmet;
        if (!await ProductChanges.TryCountAsync(database, product, request.Quantity, Now(clock), cancellationToken))
            return Changed();
        return await ReadAgainAsync(http, database, id, cancellationToken) is { } changed ? TypedResults.Ok(changed) : Changed();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Delete(
        Guid id,
        HttpContext http,
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        CatalogDbContext database,
        CancellationToken cancellationToken)
    {
        if (await FindToChangeAsync(database, authorization, user, id, cancellationToken) is not { } product)
            return await NotFoundAsync(http, database, id, cancellationToken);
        if (Precondition(http.Request, product, ProductParts.Description, required: false) is { } unmet)
            return unmet;
        return await ProductChanges.TryDeleteAsync(database, product, cancellationToken) ? TypedResults.NoContent() : Changed();
    }

    /// <summary>
    /// The product, if the caller may change it. Somebody else's gives the same answer as none, published or not (P16):
    /// ownership is in the query, and once more in the decision, so that forgetting one of them opens nothing.
    /// </summary>
    private static async Task<Product?> FindToChangeAsync(
        CatalogDbContext database, IAuthorizationService authorization, ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var subject = user.Subject();
        var admin = user.HasRole(Role.Admin);
        var product = await database.Products.AsNoTracking().SingleOrDefaultAsync(
            product => product.Id == id && (admin || product.SellerId == subject), cancellationToken);
        return product is not null && await MayChangeAsync(authorization, user, product) ? product : null;
    }

    /// <summary>The product after a change, with the tag of just what is shown; null where it has been deleted meanwhile.</summary>
    private static async Task<OwnProductResponse?> ReadAgainAsync(HttpContext http, CatalogDbContext database, Guid id, CancellationToken cancellationToken)
    {
        if (await database.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Id == id, cancellationToken) is not { } product)
            return null;
        http.Response.GetTypedHeaders().ETag = ETags.Of(product, own: true);
        return OwnProductResponse.Of(product);
    }

    /// <summary>
    /// The answer for "none" and for "not yours". Who names another's product leaves an event; whether there is one is asked in
    /// both cases, so that the work, and with it the time, tells no more than the answer does.
    /// </summary>
    private static async Task<NotFound> NotFoundAsync(HttpContext http, CatalogDbContext database, Guid id, CancellationToken cancellationToken)
    {
        if (await database.Products.AnyAsync(product => product.Id == id, cancellationToken))
            SecurityLog.Of(http, StatusCodes.Status404NotFound).OwnershipRefused();
        return TypedResults.NotFound();
    }

    private static async Task<bool> MayChangeAsync(IAuthorizationService authorization, ClaimsPrincipal user, Product product)
        => (await authorization.AuthorizeAsync(user, product, Ownership.OrRole(Role.Admin))).Succeeded;

    private static ProblemHttpResult? Precondition(HttpRequest request, Product product, ProductParts part, bool required)
        => ETags.IsExpected(request, product, part) switch
        {
            null when required => TypedResults.Problem(
                "Send If-Match with the ETag of the version that you read.", statusCode: StatusCodes.Status428PreconditionRequired),
            false => Changed(),
            _ => null,
        };

    private static ProblemHttpResult Changed() => TypedResults.Problem(
        "The product has changed since it was read: read it again.", statusCode: StatusCodes.Status412PreconditionFailed);

    /// <summary>In the microseconds that Postgres keeps, so that a later read gives the same text under the same ETag.</summary>
    private static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private static Task<bool> IsCategoryAsync(CatalogDbContext database, string id, CancellationToken cancellationToken)
        => database.Categories.AnyAsync(category => category.Id == id, cancellationToken);

    private static ValidationProblem UnknownCategory() => TypedResults.ValidationProblem(
        new Dictionary<string, string[]>(StringComparer.Ordinal) { ["category"] = ["The id of a category, as GET /categories lists them."] });
}
