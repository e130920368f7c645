using System.Globalization;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Officers;

/// <summary>All vouchers for the office: how many in which state, what they are worth, and whether that is what the ledger holds.</summary>
public sealed class VouchersModel(VoucherRegister register, CurrentPlace place, IClock clock) : PageModel
{
    private const int PageSize = 25;

    /// <summary>Services that were shorter than booked are shown for so long.</summary>
    public const int ShorterDays = 90;

    [BindProperty(SupportsGet = true, Name = "numero")]
    public string? Number { get; set; }

    [BindProperty(SupportsGet = true, Name = "stato")]
    public VoucherState? State { get; set; }

    [BindProperty(SupportsGet = true, Name = "pagina")]
    public int PageNumber { get; set; } = 1;

    public VoucherSums Sums { get; private set; } = null!;
    public IReadOnlyList<Voucher> Shown { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;
    public IReadOnlyList<ShorterService> Shorter { get; private set; } = [];
    public bool IsNotFound { get; private set; }

    public IReadOnlyList<FilterChoice> Filters =>
    [
        new(Texts.Say("Tutti"), "~/comune/voucher", Sums.Count, State is null),
        .. Sums.States.Select(s => new FilterChoice(VoucherWords.State(s.State), $"~/comune/voucher?stato={s.State}", s.Count, s.State == State)),
    ];

    public Tally Tally => new(
    [
        new(Texts.Say("Valore di tutti i voucher"), Display.Money(Sums.Value), Strong: true),
        new(Texts.Say("Impegnato"), Display.Money(Sums.Held), "="),
        new(Texts.Say("Guadagnato dagli enti"), Display.Money(Sums.Paid), "+"),
        new(Texts.Say("Tornato alle famiglie"), Display.Money(Sums.Returned), "+"),
    ]);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        Number = (Number ?? "")[..Math.Min(Number?.Length ?? 0, VoucherRegister.WordsMax)];
        if (Number.Trim().Length > 0)
        {
            if (await register.FindAsync(place.Territory, Number, cancel) is { } found) return LocalRedirect(AddressOf(found));
            IsNotFound = true;
        }

        if (State is { } state && !Enum.IsDefined(state)) State = null;
        Sums = await register.SumsAsync(place.Territory, cancel);
        var total = State is { } one ? Sums.States.FirstOrDefault(s => s.State == one)?.Count ?? 0 : Sums.Count;
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (total + PageSize - 1) / PageSize));
        Shown = await register.PageAsync(place.Territory, State, PageSize, (PageNumber - 1) * PageSize, cancel);
        Shorter = await register.ShorterAsync(place.Territory, clock.Now - NodaTime.Duration.FromDays(ShorterDays), 100, cancel);
        Pager = new(PageNumber, PageSize, total, Address);
        return Page();
    }

    /// <summary>The page of one of them.</summary>
    public static string AddressOf(Voucher voucher) => voucher.Package is { } package ? $"~/comune/voucher/insieme/{package}" : $"~/comune/voucher/{voucher.Booking}";

    private string Address(int page) => string.Create(CultureInfo.InvariantCulture, $"~/comune/voucher?{(State is { } s ? $"stato={s}&" : "")}pagina={page}");
}
