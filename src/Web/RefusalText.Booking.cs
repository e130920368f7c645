using Borsellino.Ledger;

namespace Borsellino.Web;

public static partial class RefusalText
{
    private static string? Booking(Refusal refusal) => refusal switch
    {
        _ => null,
    };
}
