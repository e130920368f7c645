using Dapper;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Npgsql;

namespace Borsellino.Benchmarks.Pages;

/// <summary>The page that a good programmer writes first: two queries, twenty products, a little markup.</summary>
public sealed class PlainModel(NpgsqlDataSource source) : PageModel
{
    private const int Category1 = 7;

    public string Category { get; private set; } = "";
    public IReadOnlyList<Product> Products { get; private set; } = [];

    public async Task OnGetAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        Category = await connection.QuerySingleAsync<string>("select name from plain.category where id = @id", new { id = Category1 });
        Products = (await connection.QueryAsync<Product>(
            "select id, name, about, price from plain.product where category_id = @id order by name limit 20", new { id = Category1 })).AsList();
    }

    public sealed record Product(int Id, string Name, string About, decimal Price);
}
