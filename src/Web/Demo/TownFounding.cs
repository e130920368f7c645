using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.Demo;

/// <summary>Where a family of the town is in the register.</summary>
public sealed record RegisteredFamily(TownHousehold Family, Id<Household> Household, Id<Person> Person);

/// <summary>What stands when a town was founded: its catalogue, its families, who has asked for what.</summary>
public sealed record FoundedTown(
    BuiltCatalogue Catalogue, IReadOnlyDictionary<string, RegisteredFamily> Families, TownGrants Grants, LocalDate FirstDay,
    Func<NewTerritory, NewTerritory> Rename)
{
    public RegisteredFamily FamilyOf(TownHousehold household) => Families[household.Reference.TaxCode.Value];
}

/// <summary>
/// Founds a town: catalogue, people who work there, families, funders, programmes with their budgets. Every step may
/// be repeated, so a founding that was interrupted is simply done again.
/// </summary>
public sealed class TownFounding(Town town)
{
    private const int FamiliesAtOnce = 5_000;

    /// <param name="passwordHash">Of <see cref="TownCast.Password"/>.</param>
    /// <param name="present">The day up to which the town will live: its programmes end after it.</param>
    public async Task<FoundedTown> FoundAsync(string passwordHash, LocalDate present, CancellationToken cancel)
    {
        var catalogue = await town.Catalogue.BuildAsync(town.Script.Data, town.Clock, As, cancel: cancel);
        var municipalities = await town.Territories.MunicipalitiesAsync(town.Territory, cancel);
        var households = Townspeople.Invent(town.Script.Seed, town.Script.Households, municipalities);
        var families = await RegisterAsync([.. town.Cast.Households.Select(h => h.Household), .. households], cancel);
        var founded = new FoundedTown(catalogue, families, new(town.Script, town.Cast, town.Funding, households, municipalities), town.Clock.Today(), As);
        await EmployAsync(founded, passwordHash, [.. town.Cast.Users.SkipLast(1), .. Coordinators(catalogue)], cancel);
        var day = await FundAsync(founded.Grants, present, cancel);
        foreach (var programme in town.Funding.Programmes.Where(p => p.Share is not null)) await DeclareAsync(founded, programme, day, cancel);
        return founded with { FirstDay = day };
    }

    /// <summary>The last of the cast can sign in only when the town is finished: that is how one knows.</summary>
    public Task FinishAsync(FoundedTown founded, string passwordHash, CancellationToken cancel) =>
        EmployAsync(founded, passwordHash, [town.Cast.Users[^1]], cancel);

    public async Task<bool> IsFinishedAsync(CancellationToken cancel) =>
        await town.Users.FindByEmailAsync(town.Territory, town.Cast.Users[^1].Email, cancel) is not null;

    /// <summary>A rehearsal has another name and number than the territory whose data it uses.</summary>
    private NewTerritory As(NewTerritory territory) => town.Script.Slug == town.Script.Data
        ? territory
        : territory with
        {
            Id = town.Territory,
            Slug = town.Script.Slug,
            Name = $"{territory.Name} ({town.Script.Slug})",
            ShortName = $"{territory.ShortName} ({town.Script.Slug})",
        };

    private async Task<Dictionary<string, RegisteredFamily>> RegisterAsync(IReadOnlyList<TownHousehold> families, CancellationToken cancel)
    {
        var registered = new Dictionary<string, RegisteredFamily>(StringComparer.Ordinal);
        foreach (var some in families.Chunk(FamiliesAtOnce))
        {
            IReadOnlyDictionary<string, HouseholdOfPerson> households = new Dictionary<string, HouseholdOfPerson>(StringComparer.Ordinal);
            (await town.Db.TransactAsync<Done>(town.Territory, async tx =>
            {
                households = await Households.RegisterAsync(tx, [.. some.Select(ToNew)], town.Clock.Now);
                foreach (var members in some.SelectMany(f => MembersOf(f, households)).Chunk(Members.MembersMax))
                {
                    await Members.AddAsync(tx, members);
                }

                return default(Done);
            }, cancel)).OrThrow();
            foreach (var family in some)
            {
                var (_, household, person) = households[family.Reference.TaxCode.Value];
                registered[family.Reference.TaxCode.Value] = new(family, household, person);
            }
        }

        return registered;
    }

    private static NewHousehold ToNew(TownHousehold family) => new(
        family.Reference.TaxCode.Value, family.Reference.FirstName, family.Reference.LastName, family.MunicipalityCode, family.Band,
        family.Address, family.Email, family.Phone, family.Reference.BornOn.Year);

    private static IEnumerable<NewMember> MembersOf(
        TownHousehold family, IReadOnlyDictionary<string, HouseholdOfPerson> households) =>
        family.Members.Skip(1).Select(m => new NewMember(
            households[family.Reference.TaxCode.Value].Household, Id<Person>.New(), m.TaxCode.Value, m.FirstName, m.LastName, m.Relation,
            m.BornOn.Year));

    private async Task EmployAsync(FoundedTown founded, string passwordHash, IReadOnlyList<CastUser> users, CancellationToken cancel)
    {
        var cast = town.Cast.Households.ToDictionary(h => h.Key, h => founded.FamilyOf(h.Household).Household, StringComparer.Ordinal);
        (await town.Db.TransactAsync<Done>(town.Territory, async tx =>
        {
            foreach (var user in users)
            {
                var position = user.Note is null ? (short?)null : (short)(town.Cast.Users.ToList().IndexOf(user) + 1);
                var made = await Users.CreateAsync(
                    tx, new(user.Id, user.Email, user.Name, passwordHash, [.. RolesOf(user, cast, founded.Catalogue)], user.Note, position),
                    town.Clock.Now);
                if (made.IsRefused(out var refusal)) return refusal;
            }

            return default(Done);
        }, cancel)).OrThrow();
    }

    /// <summary>Every provider has somebody who answers, those of the cast aside.</summary>
    private IEnumerable<CastUser> Coordinators(BuiltCatalogue catalogue) =>
        catalogue.Cooperatives.Keys.Concat(catalogue.Shops.Keys)
            .Where(key => town.Cast.Users.All(u => u.Provider != key))
            .Select(key => new CastUser($"enti/{key}", $"Coordinamento {key}", Role.Provider, Provider: key));

    private static IEnumerable<NewRole> RolesOf(
        CastUser user, Dictionary<string, Id<Household>> cast, BuiltCatalogue catalogue)
    {
        if (user.Provider is { } key)
        {
            yield return catalogue.Cooperatives.TryGetValue(key, out var cooperative)
                ? new(Role.Provider, Provider: cooperative)
                : new(Role.Shop, Provider: catalogue.Shops[key]);
        }

        if (user.Household is { } household) yield return new(Role.Household, Household: cast[household]);
        if (user.Role is not (Role.Provider or Role.Household)) yield return new(user.Role);
    }

    /// <summary>Families that a programme asks for a part have brought their ISEE, within their band; one in seven has not.</summary>
    private async Task DeclareAsync(FoundedTown founded, TownProgramme programme, LocalDate day, CancellationToken cancel)
    {
        var register = new IseeRegister(town.Db, town.Clock);
        foreach (var household in founded.Grants.Asking(programme))
        {
            var family = founded.FamilyOf(household);
            var dice = town.Script.Dice("isee", household.Reference.TaxCode.Value);
            if (dice.Chance(140) && !town.Cast.Households.Any(h => h.Household == household)) continue;
            var low = household.Band < 2 ? 0 : Townspeople.BandLimits[household.Band - 2].Cents;
            var high = household.Band <= Townspeople.BandLimits.Count ? Townspeople.BandLimits[household.Band - 1].Cents : low * 2;
            var presented = LocalDate.Max(new(day.Year, 1, 1), day.PlusDays(-dice.Between(10, 120)));
            (await register.RecordAsync(
                town.Territory, Id<HouseholdIsee>.From("demo", family.Household), family.Household, programme.Share!.Indicator,
                new(dice.Between((int)low, (int)high)), $"INPS-ISEE-{day.Year}-{dice.Between(10_000_000, 99_999_999)}X-00", presented, null,
                CastUser.IdOf(TownCast.Uploads), cancel)).OrThrow();
        }
    }

    /// <summary>
    /// Opens the programmes and commits what all families have asked for and three fifths more, in whole thousands of
    /// euro. Answers the town's first day: that of the first attempt.
    /// </summary>
    private async Task<LocalDate> FundAsync(TownGrants grants, LocalDate present, CancellationToken cancel)
    {
        var officer = CastUser.IdOf(TownCast.Uploads);
        foreach (var funder in town.Funding.Funders)
        {
            (await town.Funders.AddAsync(town.Territory, new(funder.Id, funder.Kind, funder.Name), cancel)).OrThrow();
        }

        var founded = town.Clock.Today();
        foreach (var programme in town.Funding.Programmes)
        {
            // A second attempt takes the programme as the first one opened it.
            if (await town.Programmes.FindAsync(town.Territory, programme.Id, cancel) is { } opened) founded = opened.ValidFrom;
            else (await town.Programmes.OpenAsync(town.Territory, programme.ToNew(founded, present), officer, cancel)).OrThrow();

            var budget = Money.Euro((grants.Asked(programme).Cents * 16 / 10 / 100_000 + 1) * 1_000);
            (await town.Chronicle.DoAsync(
                "budget committed",
                () => town.Programmes.CommitAsync(
                    town.Territory, Id<Commitment>.From("demo", programme.Id), programme.Id, budget, programme.ActOf(founded), officer, cancel),
                _ => budget)).OrThrow();
        }

        return founded;
    }
}
