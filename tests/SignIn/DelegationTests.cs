using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>A relative acts for a household by a code that works once, until a day, until either ends it, and under its own name.</summary>
public sealed class DelegationTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_delegate_acts_under_its_own_name_and_the_household_reads_it()
    {
        var t = await TownAsync();
        var code = (await t.GiveAsync()).OrThrow();
        Assert.Empty(await t.RolesAsync());
        var role = (await t.All.AcceptAsync(t.Territory, $" {code.ToString().ToLowerInvariant()} ", t.Daughter)).OrThrow();
        // The answer was lost: the same person sends it again, and it is the same.
        Assert.Equal(role, (await t.All.AcceptAsync(t.Territory, code.ToString(), t.Daughter)).OrThrow());
        var worn = Assert.Single(await t.RolesAsync());
        Assert.Equal((t.Town.Rossi.Id, t.Until), (worn.HouseholdId!.Value, worn.ActsUntil));

        await t.Town.GrantAsync(t.Town.Rossi, Money.Euro(50));
        var slot = await t.Town.SlotAsync(Money.Euro(20));
        var booking = (await t.Town.BookAsync(t.Town.Rossi with { User = new(t.Town.Rossi.Id, t.Daughter) }, slot)).OrThrow();
        Assert.Equal((booking, BookingStatus.Requested), (await t.All.ActsAsync(t.Territory, t.Town.Rossi.Id)).Select(a => (a.Booking, a.Status)).Single());
        var told = (await new Messages(t.Town.Db, t.Town.Clock).OfAsync(t.Territory, t.Town.Rossi.Id)).Single(m => m.Kind is MessageKind.DelegateActed);
        Assert.Equal(("Daughter", booking.Value), (told.From, told.Subject));
        Assert.Empty(await t.All.ActsAsync(t.Territory, t.Town.Bianchi.Id));
    }

    [Fact]
    public async Task It_holds_until_its_day_in_Italy_and_not_an_hour_longer()
    {
        var t = await TownAsync();
        var session = await t.TakenAsync();
        t.Town.Clock.MoveTo(t.Until.EndOfDayInRome() - Duration.FromSeconds(1));
        Assert.Single(await t.RolesAsync());
        Assert.NotNull(await t.Sessions.FindAsync(t.Territory, session));
        t.Town.Clock.Advance(Duration.FromSeconds(1));
        Assert.Empty(await t.RolesAsync());
        Assert.Null(await t.Sessions.FindAsync(t.Territory, session));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Ended_by_either_it_is_over_at_once_wherever_the_delegate_is_signed_in(bool byHousehold, bool afterMidnight)
    {
        var t = await TownAsync();
        var session = await t.TakenAsync();
        // In Italy it is the next day already, in London not yet.
        if (afterMidnight) t.Town.Clock.MoveTo(t.Town.Clock.Today().EndOfDayInRome() + Duration.FromMinutes(30));
        var id = Assert.Single(await t.All.OfDelegateAsync(t.Territory, t.Daughter)).Id;
        Assert.IsType<DelegationNotFound>(Refused(await t.All.RenounceAsync(t.Territory, id, t.Town.Bianchi.User.User)));
        Assert.IsType<DelegationNotFound>(Refused(await t.All.EndAsync(t.Territory, id, t.Town.Bianchi.User)));
        for (var i = 0; i < 2; i++)
            (byHousehold ? await t.All.EndAsync(t.Territory, id, t.Town.Rossi.User) : await t.All.RenounceAsync(t.Territory, id, t.Daughter)).OrThrow();
        Assert.Null(await t.Sessions.FindAsync(t.Territory, session));
        Assert.Empty(await t.RolesAsync());
        Assert.Empty(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory));
        Assert.NotNull(Assert.Single(await t.All.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id)).EndedAt);
        // Another one begins anew.
        await t.TakenAsync();
        Assert.Single(await t.RolesAsync());
    }

    [Fact]
    public async Task A_code_works_once_for_one_person_and_for_a_week()
    {
        var t = await TownAsync();
        var id = Id<Delegation>.New();
        var first = (await t.GiveAsync(id)).OrThrow();
        var second = (await t.GiveAsync(id)).OrThrow();
        // The page was sent twice: the code that was shown last is the one that counts.
        Assert.IsType<DelegationCodeWrong>(Refused(await t.All.AcceptAsync(t.Territory, first.ToString(), t.Daughter)));
        Assert.IsType<OwnHousehold>(Refused(await t.All.AcceptAsync(t.Territory, second.ToString(), t.Town.Rossi.User.User)));
        (await t.All.AcceptAsync(t.Territory, second.ToString(), t.Daughter)).OrThrow();
        Assert.IsType<DelegationCodeWrong>(Refused(await t.All.AcceptAsync(t.Territory, second.ToString(), t.Town.Bianchi.User.User)));
        Assert.IsType<DelegationTaken>(Refused(await t.GiveAsync(id)));
        foreach (var wrong in new[] { null, "", "AAAA-AAAA-AAAA", new string('x', 5_000) })
            Assert.IsType<DelegationCodeWrong>(Refused(await t.All.AcceptAsync(t.Territory, wrong, t.Town.Officer)));

        var late = (await t.GiveAsync()).OrThrow();
        t.Town.Clock.Advance(Delegation.CodeFor);
        Assert.IsType<DelegationCodeWrong>(Refused(await t.All.AcceptAsync(t.Territory, late.ToString(), t.Town.Bianchi.User.User)));
    }

    [Fact]
    public async Task Two_who_have_heard_one_code_are_one_delegate()
    {
        var t = await TownAsync();
        var code = (await t.GiveAsync()).OrThrow().ToString();
        var users = new[] { t.Daughter, t.Town.Bianchi.User.User };
        var answers = await Task.WhenAll(users.Select(u => Task.Run(() => t.All.AcceptAsync(t.Territory, code, u))));
        Assert.Single(answers, a => !a.IsRefused(out _));
    }

    [Fact]
    public async Task After_ten_codes_one_waits_a_quarter_of_an_hour()
    {
        var t = await TownAsync();
        var code = (await t.GiveAsync()).OrThrow().ToString();
        for (var i = 0; i < Attempts.AttemptsMax; i++) await t.All.AcceptAsync(t.Territory, "2222-2222-2222", t.Daughter);
        Assert.IsType<DelegationTriedTooOften>(Refused(await t.All.AcceptAsync(t.Territory, code, t.Daughter)));
        t.Town.Clock.Advance(Attempts.Window);
        (await t.All.AcceptAsync(t.Territory, code, t.Daughter)).OrThrow();
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_its_own_reason()
    {
        var t = await TownAsync();
        await t.TakenAsync();
        var today = t.Town.Clock.Today();
        var asDelegate = new HouseholdUser(t.Town.Rossi.Id, t.Daughter);
        var mine = Assert.Single(await t.All.OfHouseholdAsync(t.Territory, t.Town.Rossi.Id)).Id;
        (Type Why, Func<Task<Refusal?>> Try)[] table =
        [
            (typeof(TextLength), async () => Why(await t.GiveAsync(label: "  "))),
            (typeof(TextLength), async () => Why(await t.GiveAsync(label: new('x', Delegation.LabelMax + 1)))),
            (typeof(DelegationUntilOutside), async () => Why(await t.GiveAsync(until: today))),
            (typeof(DelegationUntilOutside), async () => Why(await t.GiveAsync(until: today.PlusYears(2).PlusDays(1)))),
            (typeof(DelegateMayNot), async () => Why(await t.GiveAsync(by: asDelegate))),
            (typeof(DelegateMayNot), async () => Why(await t.All.EndAsync(t.Territory, mine, asDelegate))),
        ];
        foreach (var (why, attempt) in table) Assert.IsType(why, await attempt());
        (await t.GiveAsync(until: today.PlusDays(1))).OrThrow();
        (await t.GiveAsync(until: today.PlusYears(2))).OrThrow();
        for (var i = 3; i < Delegation.DelegationsMax; i++) (await t.GiveAsync()).OrThrow();
        Assert.IsType<TooManyDelegations>(Refused(await t.GiveAsync()));
        // A code that nobody took up in time makes room.
        t.Town.Clock.Advance(Delegation.CodeFor);
        (await t.GiveAsync()).OrThrow();

        static Refusal? Why<T>(Result<T> result) where T : notnull => result.IsRefused(out var refusal) ? refusal : null;
    }

    [Theory]
    [InlineData("update marketplace.delegation set valid_to = valid_to + 1 where territory_id = {0}", "42501")]
    [InlineData("update marketplace.role_grant set user_id = user_id where territory_id = {0}", "42501")]
    [InlineData("update marketplace.role_grant set valid_to = valid_to + 1 where territory_id = {0} and delegation_id is not null", "23514")]
    [InlineData("update marketplace.role_grant set valid_to = null where territory_id = {0} and delegation_id is not null", "23514")]
    [InlineData("update marketplace.role_grant set valid_to = null, delegation_id = null where territory_id = {0} and delegation_id is not null", "42501")]
    [InlineData("delete from marketplace.role_grant where territory_id = {0}", "42501")]
    public async Task What_was_given_is_no_more_than_it_says(string sql, string state)
    {
        var t = await TownAsync();
        await t.TakenAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => t.Town.ChangeAsync(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, t.Territory), new { }));
        Assert.Equal(state, refused.SqlState);
    }

    [Fact]
    public async Task Whoever_ends_one_and_lets_its_role_live_is_found()
    {
        var t = await TownAsync();
        await t.TakenAsync();
        await t.Town.ChangeAsync(
            "update marketplace.delegation set ended_by = @User, ended_at = @now where territory_id = @territory", new { t.Town.Rossi.User.User, now = t.Town.Clock.Now });
        Assert.Equal("delegate_acts_no_longer_than_given", Assert.Single(await new MarketplaceAudit(t.Town.Db).RunAsync(t.Territory)).Check);
    }

    private async Task<Delegating> TownAsync()
    {
        var town = await BookingTown.BuildAsync(database);
        foreach (var family in new[] { town.Rossi, town.Bianchi })
        {
            await town.Db.TransactAsync<Done>(town.Territory, async tx =>
            {
                await Users.GrantAsync(tx, family.User.User, new(Role.Household, family.Id, null));
                return default(Done);
            });
        }

        var daughter = Id<User>.New();
        await town.ChangeAsync(
            """
            insert into marketplace.app_user (territory_id, id, email, display_name, password_hash, created_at)
            values (@territory, @daughter, @daughter::text || '@prova.example', 'Daughter', '', @now)
            """, new { daughter, now = town.Clock.Now });
        return new(town, daughter);
    }

    private sealed record Delegating(BookingTown Town, Id<User> Daughter)
    {
        public TerritoryId Territory => Town.Territory;
        public Delegations All { get; } = new(Town.Db, new(Town.Db, Town.Clock), Town.Clock);
        public Sessions Sessions { get; } = new(Town.Db, Town.Clock, new SessionLimits(Duration.FromDays(1000), Duration.FromDays(1000)));
        public LocalDate Until => new(2026, 12, 31);

        public Task<Result<Marketplace.Standards.ReadableCode>> GiveAsync(
            Id<Delegation>? id = null, string label = "mia figlia", LocalDate? until = null, HouseholdUser? by = null) =>
            All.GiveAsync(Territory, id ?? Id<Delegation>.New(), label, until ?? Until, by ?? Town.Rossi.User);

        public Task<IReadOnlyList<RoleGrant>> RolesAsync() => new Users(Town.Db, Town.Clock).RolesAsync(Territory, Daughter);

        /// <summary>A delegation that the daughter took up, and the token of a session in which she wears it.</summary>
        public async Task<string> TakenAsync()
        {
            var role = (await All.AcceptAsync(Territory, (await GiveAsync()).OrThrow().ToString(), Daughter)).OrThrow();
            return await Sessions.StartAsync(Territory, new(Daughter, role, "", null));
        }
    }
}
