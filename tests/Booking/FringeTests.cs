using Borsellino.Ledger;
using Borsellino.Marketplace;
using NodaTime;
using Npgsql;

namespace Borsellino.Tests;

/// <summary>A company's fringe benefits where money is held: what counts, in which year, and what declared children change.</summary>
public sealed class FringeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static Instant At(int days) => BookingTown.Monday + Duration.FromDays(days);

    [Fact]
    public async Task What_was_asked_for_in_a_year_counts_and_one_that_ends_does_not()
    {
        var (town, company) = await CompanyAsync();
        var first = (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(900), At(2)))).OrThrow();
        var slot = await town.SlotAsync(Money.Euro(200), At(3));
        Assert.Equal(new NotEnoughInPurse(Money.Zero, Money.Euro(200)), Refused(await town.BookAsync(town.Rossi, slot)));
        var why = Assert.Single((await town.Bookings.PreviewAsync(town.Territory, town.Rossi.Id, slot)).OrThrow().Coverage.NotPaying);
        Assert.Equal((WhyNot.FringeThresholdReached, Money.Euro(900), Money.Euro(1000)), (why.Reason, why.Grant.Fringe!.Used, why.Grant.Fringe.Threshold));
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(100), At(4)))).OrThrow();
        // Another family has a threshold of its own.
        await FundAsync(town, town.Bianchi, company);
        (await town.BookAsync(town.Bianchi, await town.SlotAsync(Money.Euro(1000), At(5)))).OrThrow();
        (await town.Bookings.WithdrawAsync(town.Territory, first, town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, slot)).OrThrow();
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
    }

    /// <summary>The employee has a title from the day on which it was asked for: the last hour of the year by Rome's clock is of the old year.</summary>
    [Fact]
    public async Task The_year_is_that_of_asking_and_not_of_the_service()
    {
        var (town, _) = await CompanyAsync();
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(900), At(2)))).OrThrow();
        town.Clock.MoveTo(Instant.FromUtc(2026, 12, 31, 22, 30));
        var next = await town.SlotAsync(Money.Euro(200), Instant.FromUtc(2027, 1, 10, 9, 0));
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, next)));
        town.Clock.MoveTo(Instant.FromUtc(2026, 12, 31, 23, 30));
        (await town.BookAsync(town.Rossi, next)).OrThrow();
        Assert.Equal(Money.Euro(200), Assert.Single(await Declarations(town).CompaniesAsync(town.Territory, town.Rossi.Id)).Used);
    }

    /// <summary>A package counts whole when it is bought, and what goes back of it does not.</summary>
    [Fact]
    public async Task A_package_counts_whole_until_it_goes_back()
    {
        var (town, _) = await CompanyAsync();
        var slot = await town.SlotAsync(Money.Euro(90), At(2));
        var offer = (await town.Db.ListAsync<Id<Offer>>(town.Territory, "select offer_id from marketplace.slot where territory_id = @territory and id = @slot", new { slot }))[0];
        await town.ChangeAsync(
            """
            update marketplace.offer set package_units = 10, package_name_it = 'lezioni', package_name_en = 'lessons', package_days = 60,
                package_return_days = 7, package_returns_rest = false
            where territory_id = @territory and id = @offer
            """, new { offer });
        var packages = new Packages(town.Db, town.Ledger, town.Bookings, town.Clock);
        var shown = (await packages.PreviewAsync(town.Territory, town.Rossi.Id, offer)).OrThrow();
        var package = (await packages.BuyAsync(town.Territory, new(Id<Package>.New(), offer, town.Rossi.Child, shown.Shown), town.Rossi.User)).OrThrow();
        var unit = (await town.Bookings.TakeUnitAsync(town.Territory, new(Id<Booking>.New(), package, slot), town.Rossi.User)).OrThrow();
        Assert.Equal(Money.Euro(900), Assert.Single(await Declarations(town).CompaniesAsync(town.Territory, town.Rossi.Id)).Used);
        var more = await town.SlotAsync(Money.Euro(101), At(3));
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, more)));
        (await town.Bookings.WithdrawAsync(town.Territory, unit, town.Rossi.User)).OrThrow();
        (await packages.ReturnAsync(town.Territory, package, town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, more)).OrThrow();
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
    }

    [Fact]
    public async Task Other_letters_and_other_funders_have_no_threshold()
    {
        var (town, _) = await CompanyAsync(letter: "FTer");
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(1500), At(2)))).OrThrow();
        var other = await BookingTown.BuildAsync(database);
        await ClassAsync(other, "C3");
        await other.GrantAsync(other.Rossi, Money.Euro(3000));
        (await other.BookAsync(other.Rossi, await other.SlotAsync(Money.Euro(1500), At(2)))).OrThrow();
        Assert.Empty(await Declarations(other).CompaniesAsync(other.Territory, other.Rossi.Id));
    }

    /// <summary>The walk down the tree says of every class what the way up from it says: its own word, also where that is none, or the nearest above.</summary>
    [Fact]
    public async Task The_walk_down_the_classes_says_what_the_way_up_says()
    {
        var (town, _) = await CompanyAsync();
        await town.ChangeAsync(
            """
            insert into marketplace.service_class (territory_id, code, parent_code, name_it, name_en, position)
            select @territory, c.code, c.parent, c.code, c.code, 9
            from (values ('silent', 'care'), ('other', 'silent'), ('below-other', 'other'), ('none', 'care'), ('below-none', 'none'), ('again', 'below-none'), ('root', null), ('below-root', 'root')) c(code, parent)
            """, new { });
        await town.ChangeAsync(
            """
            insert into marketplace.class_tax (territory_id, id, class_code, letter, vat_rate, vat_nature, reference, valid_from, valid_to, set_by, set_at)
            select @territory, gen_random_uuid(), t.code, t.letter, 500, '', 'TUIR art. 51', t.since, t.until, @Officer, now()
            from (values ('other', 'FTer', date '2026-03-01', date '2026-08-31'), ('other', 'C3', date '2026-09-01', null), ('none', null, date '2026-01-01', null),
                         ('again', 'C3', date '2026-05-01', null)) t(code, letter, since, until)
            """, new { town.Officer });
        foreach (var (day, counting) in new[]
        {
            (new LocalDate(2025, 12, 31), ""), (new(2026, 1, 1), "below-other care home-care other silent"), (new(2026, 3, 1), "care home-care silent"),
            (new(2026, 5, 1), "again care home-care silent"), (new(2026, 8, 31), "again care home-care silent"), (new(2026, 9, 1), "again below-other care home-care other silent"),
        })
        {
            var classes = await town.Db.ListAsync<Lettered>(
                town.Territory,
                """
                select c.code, d.letter as down, marketplace.letter_on(@territory, c.code, @day) as up
                from marketplace.service_class c left join marketplace.letters_on(@territory, @day) d on d.class_code = c.code
                where c.territory_id = @territory
                """, new { day });
            Assert.All(classes, c => Assert.Equal(c.Up, c.Down));
            Assert.Equal(counting, string.Join(' ', classes.Where(c => c.Down == "C3").Select(c => c.Code).Order(StringComparer.Ordinal)));
        }

        var purse = await new Purses(town.Db, town.Clock).GrantsAsync(town.Territory, town.Rossi.Id, town.Clock.Today());
        Assert.Contains("again", Assert.Single(purse).Fringe!.Classes);
    }

    private sealed record Lettered(string Code, string? Down, string? Up);

    [Fact]
    public async Task Declared_children_raise_the_threshold_and_withdrawn_the_lower_one_holds_for_what_was_had_too()
    {
        var (town, company) = await CompanyAsync();
        var declarations = Declarations(town);
        var id = Id<ChildrenDeclaration>.New();
        for (var i = 0; i < 2; i++) (await declarations.DeclareAsync(town.Territory, id, company, [town.Rossi.Child], town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(1500), At(2)))).OrThrow();
        var read = Assert.Single(await declarations.CompaniesAsync(town.Territory, town.Rossi.Id));
        Assert.Equal((id, Money.Euro(2000), Money.Euro(1500), Money.Euro(500)), (read.Declaration!.Value, read.Threshold, read.Used, read.Left));

        for (var i = 0; i < 2; i++) (await declarations.WithdrawAsync(town.Territory, company, town.Rossi.User)).OrThrow();
        read = Assert.Single(await declarations.CompaniesAsync(town.Territory, town.Rossi.Id));
        Assert.Equal((Money.Euro(1000), Money.Zero, true), (read.Threshold, read.Left, read.IsPast));
        Assert.IsType<NotEnoughInPurse>(Refused(await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(1), At(3)))));
        // What was had while it held is not a mistake of the book.
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
        (await declarations.DeclareAsync(town.Territory, Id<ChildrenDeclaration>.New(), company, [town.Rossi.Child], town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(500), At(4)))).OrThrow();
    }

    [Fact]
    public async Task A_declaration_is_refused_without_children_for_others_and_by_a_delegate()
    {
        var (town, company) = await CompanyAsync();
        var declarations = Declarations(town);
        Task<Result<Done>> Declare(Id<Person>[] children, HouseholdUser? by = null, Id<Funder>? to = null, Id<ChildrenDeclaration>? id = null) =>
            declarations.DeclareAsync(town.Territory, id ?? Id<ChildrenDeclaration>.New(), to ?? company, children, by ?? town.Rossi.User);

        Assert.IsType<NoChildNamed>(Refused(await Declare([])));
        Assert.IsType<NotAChildHere>(Refused(await Declare([town.Rossi.Child, town.Bianchi.Child])));
        Assert.IsType<NotAChildHere>(Refused(await Declare([town.Rossi.Adult])));
        Assert.IsType<CompanyNotFound>(Refused(await Declare([town.Rossi.Child], to: Id<Funder>.New())));
        Assert.IsType<CompanyNotFound>(Refused(await Declare([town.Bianchi.Child], by: town.Bianchi.User)));
        Assert.IsType<OwnWordOnly>(Refused(await Declare([town.Rossi.Child], by: new(town.Rossi.Id, town.Officer))));
        Assert.IsType<OwnWordOnly>(Refused(await declarations.WithdrawAsync(town.Territory, company, new(town.Rossi.Id, town.Officer))));
        var id = Id<ChildrenDeclaration>.New();
        (await Declare([town.Rossi.Child], id: id)).OrThrow();
        await FundAsync(town, town.Bianchi, company);
        Assert.IsType<DeclarationIdReused>(Refused(await Declare([town.Bianchi.Child], by: town.Bianchi.User, id: id)));
    }

    [Fact]
    public async Task Eight_at_once_never_pass_the_threshold()
    {
        await using var pool = database.OpenPool(8);
        var (town, _) = await CompanyAsync(pool: pool);
        var slots = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => town.SlotAsync(Money.Euro(300), At(2 + i))));
        var answers = await Task.WhenAll(slots.Select(slot => town.BookAsync(town.Rossi, slot)));
        Assert.Equal(3, answers.Count(a => !a.IsRefused(out _)));
        Assert.Empty(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
    }

    [Fact]
    public async Task The_audit_names_who_has_more_than_the_threshold()
    {
        var (town, company) = await CompanyAsync();
        (await Declarations(town).DeclareAsync(town.Territory, Id<ChildrenDeclaration>.New(), company, [town.Rossi.Child], town.Rossi.User)).OrThrow();
        (await town.BookAsync(town.Rossi, await town.SlotAsync(Money.Euro(1500), At(2)))).OrThrow();
        await database.AsOwnerAsync($"delete from marketplace.declared_child where territory_id = {town.Territory}; delete from marketplace.children_declaration where territory_id = {town.Territory}");
        var found = Assert.Single(await new MarketplaceAudit(town.Db).RunAsync(town.Territory));
        Assert.Equal("fringe_within_threshold", found.Check);
    }

    [Theory]
    [InlineData(2019, 12, 31, 258_23, 258_23)]
    [InlineData(2021, 6, 1, 516_46, 516_46)]
    [InlineData(2022, 1, 1, 3_000_00, 3_000_00)]
    [InlineData(2023, 12, 31, 258_23, 3_000_00)]
    [InlineData(2024, 1, 1, 1_000_00, 2_000_00)]
    [InlineData(2027, 12, 31, 1_000_00, 2_000_00)]
    [InlineData(2028, 1, 1, 258_23, 258_23)]
    public async Task The_law_of_each_year_is_a_row(int year, int month, int day, long general, long withChildren)
    {
        var town = await BookingTown.BuildAsync(database);
        var row = await Declarations(town).ThresholdAsync(new(year, month, day));
        Assert.Equal((new Money(general), new Money(withChildren)), (row.General, row.WithChildren));
    }

    [Theory]
    [InlineData("update marketplace.fringe_threshold set general = 1", "42501")]
    [InlineData("update marketplace.children_declaration set tax_year = 2027 where territory_id = {0}", "42501")]
    [InlineData("update marketplace.children_declaration set withdrawn_at = now() where territory_id = {0}", "23514")]
    [InlineData("delete from marketplace.declared_child where territory_id = {0}", "42501")]
    public async Task Raw_sql_may_not(string sql, string state)
    {
        var (town, company) = await CompanyAsync();
        (await Declarations(town).DeclareAsync(town.Territory, Id<ChildrenDeclaration>.New(), company, [town.Rossi.Child], town.Rossi.User)).OrThrow();
        var thrown = await Assert.ThrowsAsync<PostgresException>(() => town.ChangeAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, town.Territory), new { }));
        Assert.Equal(state, thrown.SqlState);
    }

    private static ChildrenDeclarations Declarations(BookingTown town) => new(town.Db, town.Clock);

    private static Refusal Refused<T>(Result<T> result) where T : notnull
    {
        Assert.True(result.IsRefused(out var refusal), "It was not refused.");
        return refusal;
    }

    /// <summary>A town whose care is given under a letter of art. 51, and a company that gave the family three thousand euro.</summary>
    private async Task<(BookingTown Town, Id<Funder> Company)> CompanyAsync(string letter = "C3", Database? pool = null)
    {
        var town = await BookingTown.BuildAsync(database, pool);
        var company = Id<Funder>.New();
        await ClassAsync(town, letter);
        await town.ChangeAsync("insert into marketplace.funder (territory_id, id, kind, name) values (@territory, @company, 'Company', 'Tessitura di prova')", new { company });
        await FundAsync(town, town.Rossi, company);
        await RoleAsync(town, town.Rossi);
        await RoleAsync(town, town.Bianchi);
        return (town, company);
    }

    /// <summary>The letter stands at the class above that of the services.</summary>
    private static Task ClassAsync(BookingTown town, string letter) => town.ChangeAsync(
        """
        insert into marketplace.class_tax (territory_id, id, class_code, letter, vat_rate, vat_nature, reference, valid_from, set_by, set_at)
        values (@territory, @id, 'care', @letter, 500, '', 'TUIR art. 51', date '2026-01-01', @Officer, now())
        """, new { id = Guid.NewGuid(), letter, town.Officer });

    private static async Task FundAsync(BookingTown town, BookingTown.Family family, Id<Funder> company)
    {
        var grant = await town.GrantAsync(family, Money.Euro(3000), to: new(2027, 12, 31));
        await town.ChangeAsync(
            """
            update marketplace.programme set funder_id = @company where territory_id = @territory and id = @Programme
            """, new { company, grant.Programme });
    }

    /// <summary>Who acts for a family as its own, and not by a delegation.</summary>
    private static Task RoleAsync(BookingTown town, BookingTown.Family family) => town.ChangeAsync(
        "insert into marketplace.role_grant (territory_id, id, user_id, role, household_id) values (@territory, @role, @User, 'Household', @Id)",
        new { role = Guid.NewGuid(), family.User.User, family.Id });
}
