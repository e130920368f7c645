using System.Globalization;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// Stories in which Adele Crespi spends, in the town that all share: one after the other, because what her purse pays is another once one of
/// them has booked, and each looks at it before and after.
/// </summary>
[CollectionDefinition(nameof(AdelesStories))]
public sealed class AdelesStories;

/// <summary>What a story needs beside its pages: who somebody is, a service that fits, and bookings that are already so far.</summary>
public sealed class Story(RunningTown town)
{
    /// <summary>Ahead of the story's clock by so long, so that no booking is already too late to cancel for nothing.</summary>
    private static readonly Duration Ahead = Duration.FromDays(3);

    private Bookings Bookings => town.Services.GetRequiredService<Bookings>();

    public async Task<TerritoryId> TerritoryAsync() => (await town.Services.GetRequiredService<Territories>().FindAsync("tradate"))!.Id;

    /// <summary>The role by which somebody of the town's cast is known, with its family or provider.</summary>
    public async Task<(Id<User> User, RoleGrant Wears)> WhoAsync(string name, Role role)
    {
        var users = town.Services.GetRequiredService<Users>();
        var territory = await TerritoryAsync();
        var person = (await users.DemoPeopleAsync(territory)).First(p => p.Role == role && p.DisplayName == name);
        return (person.Id, (await users.RolesAsync(territory, person.Id)).First(r => r.Role == role));
    }

    /// <summary>The tax code of the first person of a family of the cast, such as <c>adele</c>.</summary>
    public static string TaxCodeOf(string family) =>
        TownCast.Of("tradate").Households.Single(h => h.Key == family).Household.Members[0].TaxCode.Value;

    /// <summary>The cents of an amount or a figure as pages show it: "1.494,00 €".</summary>
    public static long Cents(string shown) =>
        (long)(100 * decimal.Parse(shown.Replace('−', '-').TrimEnd('€', ' ', '\u00a0'), NumberStyles.Number, CultureInfo.GetCultureInfo("it-IT")));

    /// <summary>Looks again until the background has done its part, as a person without scripts would.</summary>
    public static async Task UntilAsync(IPage page, string heading)
    {
        for (var attempt = 0; attempt < 60; attempt++)
        {
            if ((await page.Locator("h1").InnerTextAsync()).Contains(heading, StringComparison.Ordinal)) return;
            await page.GotoAsync(page.Url.Split('?')[0]);
            await page.WaitForTimeoutAsync(250);
        }

        Assert.Fail($"The page never said «{heading}», but: {await page.Locator("h1").InnerTextAsync()}");
    }

    /// <summary>A free place of a provider, three days ahead or more, that the family's purse can pay.</summary>
    public async Task<BookingPreview> PayableAsync(string family, string coordinator, bool withFee = false)
    {
        var (_, household) = await WhoAsync(family, Role.Household);
        var (_, provider) = await WhoAsync(coordinator, Role.Provider);
        return await FirstAsync(
            household.HouseholdId!.Value, "o.provider_id = @provider", provider.ProviderId, p => p.Coverage.IsPossible && (!withFee || p.FeeFromPurse.IsPositive))
            ?? throw new InvalidOperationException($"{family} can pay for nothing of {coordinator}.");
    }

    /// <summary>A free place that the family's purse cannot pay, though it pays a part of it.</summary>
    public async Task<BookingPreview> TooDearAsync(string family)
    {
        var (_, household) = await WhoAsync(family, Role.Household);
        return await FirstAsync(household.HouseholdId!.Value, "true", null, p => !p.Coverage.IsPossible)
            ?? throw new InvalidOperationException($"{family} can pay for everything.");
    }

    /// <summary>A booking that the provider has confirmed, a few days ahead.</summary>
    public async Task<(Id<Booking> Id, BookingPreview Seen)> ConfirmedAsync(string family, string coordinator, bool withFee = false)
    {
        var (id, seen) = await RequestedAsync(family, coordinator, withFee);
        var (by, provider) = await WhoAsync(coordinator, Role.Provider);
        (await Bookings.ConfirmAsync(await TerritoryAsync(), id, new(provider.ProviderId!.Value, by))).OrThrow();
        return (id, seen);
    }

    /// <summary>A booking that waits for the provider's answer.</summary>
    public async Task<(Id<Booking> Id, BookingPreview Seen)> RequestedAsync(string family, string coordinator, bool withFee = false)
    {
        var seen = await PayableAsync(family, coordinator, withFee);
        var (by, household) = await WhoAsync(family, Role.Household);
        var request = new BookingRequest(Id<Booking>.New(), seen.Slot, seen.People[0].Id, seen.Shown);
        return ((await Bookings.RequestAsync(await TerritoryAsync(), request, new(household.HouseholdId!.Value, by))).OrThrow(), seen);
    }

    /// <summary>Moves the clock of a town by hand, and lets everything happen that is due by then, so that what follows changes by itself no more.</summary>
    public async Task MoveAsync(Instant to)
    {
        var byHand = (TownByHand)town;
        byHand.Hand.MoveTo(to);
        await byHand.SettleAsync();
    }

    /// <summary>A booking whose provider says that it was done; the town's clock stands an hour after it began.</summary>
    public async Task<(Id<Booking> Id, BookingPreview Seen)> DeliveredAsync(string family, string coordinator)
    {
        var (id, seen) = await ConfirmedAsync(family, coordinator);
        await MoveAsync(seen.StartsAt + Duration.FromHours(1));
        var (by, provider) = await WhoAsync(coordinator, Role.Provider);
        (await Bookings.DeliverAsync(await TerritoryAsync(), id, new(provider.ProviderId!.Value, by))).OrThrow();
        return (id, seen);
    }

    /// <summary>Gives a family money for one class of services, the way the office does: a programme, its budget, a list, a second person.</summary>
    public async Task FundAsync(string family, Funder funder, string classCode, Money amount)
    {
        var (services, territory, today) = (town.Services, await TerritoryAsync(), town.Services.GetRequiredService<IClock>().Today());
        var (programmes, imports) = (services.GetRequiredService<Programmes>(), services.GetRequiredService<GrantImports>());
        var officers = (await services.GetRequiredService<Users>().DemoPeopleAsync(territory)).Where(p => p.Role == Role.Officer).Select(p => p.Id).Distinct().ToList();
        var programme = Id<Programme>.New();
        (await programmes.OpenAsync(
            territory,
            new(
                programme, $"GRUPPI-{programme.Value.ToString("N")[^8..].ToUpperInvariant()}", "Servizi in gruppo", "Services in groups", "", "", funder.Id,
                today, today.PlusDays(60), 30, CopaymentRule.Allowed, UnitMax: null, MonthMax: null, "Atto 1", [classCode], []), officers[0])).OrThrow();
        (await programmes.CommitAsync(territory, Id<Commitment>.New(), programme, amount, "Atto 1", officers[0])).OrThrow();
        var (_, household) = await WhoAsync(family, Role.Household);
        var person = (await services.GetRequiredService<Database>().ListAsync<Person>(
            territory,
            """
            select p.tax_code, p.first_name, p.last_name, m.name as municipality
            from marketplace.household h
            join marketplace.person p on p.territory_id = @territory and p.id = h.reference_person_id
            join marketplace.municipality m on m.territory_id = @territory and m.code = p.municipality_code
            where h.territory_id = @territory and h.id = @HouseholdId
            """, new { household.HouseholdId }))[0];
        var csv = $"codice_fiscale;nome;cognome;comune;fascia_isee;importo\n{person.TaxCode};{person.FirstName};{person.LastName};{person.Municipality};1;{amount.Cents / 100},{amount.Cents % 100:00}\n";
        var list = Id<GrantImport>.New();
        (await imports.UploadAsync(territory, list, programme, "gruppi.csv", System.Text.Encoding.UTF8.GetBytes(csv), officers[0])).OrThrow();
        await imports.WorkThroughAsync(territory);
        (await imports.RequestApprovalAsync(territory, list, officers[0])).OrThrow();
        (await imports.ApproveAsync(territory, list, officers[1])).OrThrow();
        await imports.WorkThroughAsync(territory);
    }

    private async Task<BookingPreview?> FirstAsync(Id<Household> household, string which, Id<Provider>? provider, Func<BookingPreview, bool> fits)
    {
        var (db, territory) = (town.Services.GetRequiredService<Database>(), await TerritoryAsync());
        var slots = await db.ListAsync<Id<Slot>>(
            territory,
            $"""
            select distinct on (o.id) s.id from marketplace.slot s
            join marketplace.offer o on o.territory_id = @territory and o.id = s.offer_id
            where s.territory_id = @territory and {which} and s.starts_at > @after and s.taken < s.capacity order by o.id, s.starts_at
            """, new { provider = provider ?? default, after = town.Services.GetRequiredService<IClock>().Now + Ahead });
        foreach (var slot in slots)
        {
            if (!(await Bookings.PreviewAsync(territory, household, slot)).IsRefused(out _, out var preview) && fits(preview)) return preview;
        }

        return null;
    }

    private sealed record Person(string TaxCode, string FirstName, string LastName, string Municipality);
}
