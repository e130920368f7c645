using Borsellino.Ledger;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Catalogue(Refusal refusal) => refusal switch
    {
        _ => null,
    };
}
