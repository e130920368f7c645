using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Borsellino.Web.Pages.Finance;

/// <summary>
/// One payout: its lines, who did what, and the one act that comes next. Each act is named with the payout and the
/// amount, and doing it twice does it once.
/// </summary>
public sealed class PayoutDetailModel(CurrentPlace place, SignedIn visitor, Payouts payouts, Users users, IClock clock) : PageModel
{
    public PayoutDetail Detail { get; private set; } = null!;
    public Payout Payout => Detail.Payout;
    public IReadOnlyList<DemoPerson> Colleagues { get; private set; } = [];
    public LocalDate Today => clock.Today();

    public bool IsMine => Payout.PreparedBy == visitor.UserId;
    public bool MaySign => Payout.Status is PayoutStatus.Locked && !IsMine && Payout.ExecutionOn >= Today;
    public bool HasFile => Payout.Status is PayoutStatus.Authorised or PayoutStatus.Sent;

    /// <summary>How large its PDF is.</summary>
    public string PaperSize => PaperFile.SizeOf(PayoutPaper.Of(place.Place, Detail));

    public Task<IActionResult> OnGetAsync(Id<Payout> id, CancellationToken cancel) => ShowAsync(id, cancel);

    public async Task<IActionResult> OnPostSignAsync(Id<Payout> id, CancellationToken cancel) =>
        await AnswerAsync(id, await payouts.AuthoriseAsync(place.Territory, id, visitor.UserId, cancel), cancel);

    public async Task<IActionResult> OnPostWithdrawAsync(Id<Payout> id, CancellationToken cancel) =>
        await AnswerAsync(id, await payouts.WithdrawAsync(place.Territory, id, visitor.UserId, cancel), cancel);

    /// <summary>Hands out the file. A form and not a link, because the first time is written down.</summary>
    public async Task<IActionResult> OnPostFileAsync(Id<Payout> id, CancellationToken cancel)
    {
        var answer = await payouts.FileAsync(place.Territory, id, visitor.UserId, cancel);
        if (answer.IsRefused(out var refusal, out var file))
        {
            ModelState.AddModelError("", RefusalText.For(refusal));
            return await ShowAsync(id, cancel);
        }

        return File(file.Content, "application/xml", file.Name);
    }

    public string NameOf(Id<User>? user) => user is { } id && Detail.Names.TryGetValue(id, out var name) ? name : "";

    private async Task<IActionResult> AnswerAsync(Id<Payout> id, Result<Done> answer, CancellationToken cancel)
    {
        if (!answer.IsRefused(out var refusal)) return LocalRedirect($"~/ragioneria/liquidazioni/{id}");
        ModelState.AddModelError("", RefusalText.For(refusal));
        return await ShowAsync(id, cancel);
    }

    private async Task<IActionResult> ShowAsync(Id<Payout> id, CancellationToken cancel)
    {
        if (await payouts.FindAsync(place.Territory, id, cancel) is not { } detail) return NotFound();
        Detail = detail;
        if (Payout.Status is PayoutStatus.Locked)
        {
            Colleagues = [.. (await users.WithRoleAsync(place.Territory, Role.Finance, cancel)).Where(u => u.Id != Payout.PreparedBy)];
        }

        return Page();
    }
}
