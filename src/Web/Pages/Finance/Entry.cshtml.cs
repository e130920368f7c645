using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Shared;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages.Finance;

/// <summary>One journal entry: its legs, who made it, when and why, and the way of its money from funder to transfer.</summary>
public sealed class EntryModel(
    CurrentPlace place, Statements statements, AccountNames names, EntrySubjects entrySubjects, MoneyPaths paths, Users users) : PageModel
{
    public RecordedEntry Entry { get; private set; } = null!;
    public IReadOnlyDictionary<Id<Ledger.Account>, AccountSubject> Accounts { get; private set; } = null!;
    public EntrySubject? About { get; private set; }
    public string Actor { get; private set; } = "";
    public IReadOnlyList<PathStop> Path { get; private set; } = [];
    public Money Amount => Entry.Legs.Sum(l => l.Debit);
    public bool Balances => Amount == Entry.Legs.Sum(l => l.Credit);

    public async Task<IActionResult> OnGetAsync(Id<JournalEntry> id, CancellationToken cancel)
    {
        if (await statements.EntryAsync(place.Territory, id, cancel) is not { } entry) return NotFound();
        Entry = entry;
        Accounts = await names.OfAsync(place.Territory, entry.Legs.Select(l => l.AccountId), cancel);
        var about = await entrySubjects.OfAsync(place.Territory, [entry.Head.Reference], cancel);
        About = about.GetValueOrDefault(entry.Head.Reference);
        Actor = await ActorAsync(entry.Head.Actor, cancel);
        Path = EntryPath.Of(entry, Amount, await paths.OfAsync(place.Territory, id, cancel));
        return Page();
    }

    private async Task<string> ActorAsync(string actor, CancellationToken cancel)
    {
        if (!Id<User>.TryParse(actor, null, out var user)) return Texts.Say("Il sistema, da solo");
        // Finance pays services, not people: a family that answers stays without a name here.
        if (Entry.Head.Kind is EntryKinds.Delivered or EntryKinds.CancellationFee
            && await users.IsOfAHouseholdAsync(place.Territory, user, cancel))
            return Texts.Say("La famiglia, dal suo borsellino");
        var found = await users.NamesAsync(place.Territory, [user], cancel);
        return found.TryGetValue(user, out var name) ? name : Texts.Say("Una persona che non c’è più");
    }
}
