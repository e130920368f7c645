using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Papers;
using NodaTime;

namespace Borsellino.Tests.Papers;

/// <summary>Papers of an invented town, as full or as empty as a test wants them.</summary>
public static class SomePapers
{
    private static readonly Instant Begin = Instant.FromUtc(2026, 10, 1, 8, 0);

    public static Place Town { get; } = new(
        new(7), "valle", "Ambito della Valle", "Valle", "Ufficio di Piano", "piazza Uno 1", "Vallecorta", "0331 555 010", "sempre", "always",
        "Comune di Vallecorta, Tesoreria", "IT60X0542811101000000123456", Id<Account>.New(), "petrol", false, 1);

    public static BookingCard Card(BookingStatus status = BookingStatus.Settled, string title = "Aiuto a casa", string first = "Carla") => new(
        Id<Booking>.New(), "K7HM3WQP92DT", status, Begin, Begin + Duration.FromHours(2), Id<Slot>.New(), Id<Offer>.New(), title, "Help at home",
        "Cooperativa L’Arcobaleno", "0331 555 011", "AtHome", "via Niccolò Paganini 3, Vallecorta", "Vallecorta", 412, first, "D’Agostino", "", new(4650), new(4150), new(500),
        Begin, Begin, Begin, new(500), null, status is BookingStatus.Settled ? new(4150) : Money.Zero, null, null);

    public static BookingDetail Booking(BookingCard? card = null) => new(
        card ?? Card(),
        [
            new(Id<Grant>.New(), "Comune di Vallecorta", "Aiuti a domicilio", "Home help", new(3000)),
            new(Id<Grant>.New(), "Fondazione «Città di Domani»", "Più tempo per chi cura", "More time for carers", new(1150)),
        ],
        [new(1, (card ?? Card()).Status, Begin + Duration.FromDays(2), "", "")], null, null);

    public static Paper Receipt(BookingCard? card = null) => ReceiptPaper.Of(Town, Booking(card));

    public static Paper Voucher(BookingStatus status = BookingStatus.Requested) => VoucherPaper.Of(
        Town, Booking(Card(status)), "482915", "https://welfare.example.it/valle/ente/voucher?numero=K7HM3WQP92DT#pin=482915");

    /// <summary>A month in which each movement follows from the one before: what is written must add up.</summary>
    public static PurseStatement Month(int movements, string title = "Aiuto in casa")
    {
        var (balance, available, moves) = (new Money(123_456), new Money(100_000), new List<PurseMovement>());
        for (var i = 0; i < movements; i++)
        {
            var amount = new Money(1001 + i);
            var kind = (i % 4) switch { 0 => MovementKind.Received, 1 => MovementKind.Held, 2 => MovementKind.Spent, _ => MovementKind.Returned };
            if (kind is MovementKind.Received) (balance, available) = (balance + amount, available + amount);
            if (kind is MovementKind.Held) available -= amount;
            if (kind is MovementKind.Spent) balance -= amount;
            if (kind is MovementKind.Returned) available += amount;
            var about = kind is MovementKind.Received ? null : new MovementAbout(Id<Booking>.New(), null, title, "Help at home", "Cooperativa L’Arcobaleno", Begin);
            moves.Add(new(Begin + Duration.FromHours(3 * i), kind, amount, about, "delivered", [new(Id<Grant>.New(), "Comune di Vallecorta", "Aiuti a domicilio", "Home help", amount)], available, balance));
        }

        var (received, spent) = (Of(MovementKind.Received), Of(MovementKind.Spent));
        return new(Begin, Begin, new(123_456), new(100_000), moves, balance, available,
        [
            new(Id<Grant>.New(), "Comune di Vallecorta", "Aiuti a domicilio", "Home help", new(100_000), received, spent, Money.Zero, new Money(100_000) + received - spent, balance - available),
            new(Id<Grant>.New(), "Fondazione «Città di Domani»", "Più tempo per chi cura", "More time for carers", new(23_456), Money.Zero, Money.Zero, Money.Zero, new(23_456), Money.Zero),
        ]);

        Money Of(MovementKind kind) => moves.Where(m => m.Kind == kind).Sum(m => m.Amount);
    }

    public static Paper Statement(int movements, string title = "Aiuto in casa", string family = "Carla D’Agostino") =>
        StatementPaper.Of(Town, family, new(2026, 10), new(2026, 11, 16), Month(movements, title));

    public static Paper Payout(int lines)
    {
        var (anna, bruno) = (Id<User>.New(), Id<User>.New());
        var all = Enumerable.Range(1, lines).Select(i => new PayoutLineDetail(
            (short)i, Id<Provider>.New(), "Robinia", Id<Account>.New(), new(12_345 * i), $"LIQ-2026-0007-{i:000}", $"Cooperativa sociale Robinia {i} Soc. Coop. a r.l.",
            "IT60X0542811101000000123456", null, i)).ToList();
        var payout = new Payout(
            Id<Payout>.New(), "LIQ-2026-0007", PayoutStatus.Sent, new(2026, 11, 18), all.Sum(l => l.Amount), "Comune di Vallecorta, Tesoreria", "Vallecorta",
            "IT60X0542811101000000123456", anna, Begin, null, null, bruno, Begin + Duration.FromHours(2), null, anna, Begin + Duration.FromHours(3), new string('a', 32) + new string('7', 32));
        return PayoutPaper.Of(Town, new(payout, all, new Dictionary<Id<User>, string> { [anna] = "Anna Prima", [bruno] = "Bruno Secondo" }));
    }

    public static Paper Report(int programmes) => FunderReportPaper.Of(
        Town,
        new(
            new(Id<Funder>.New(), FunderKind.Region, "Regione Lombardia"),
            [.. Enumerable.Range(1, programmes).Select(i => new FunderProgramme(
                new(Id<Programme>.New(), $"AD{i:00}", $"Assistenza domiciliare {i}", $"Home care {i}", "Regione Lombardia", default, new(2026, 1, 1), new(2026, 12, 31),
                    new(4_000_000), new(2_500_000), new(1_000_000), new(500_000), new(1_000_000), Money.Zero, 12),
                Id<Account>.New(), new(i * 100)))],
            [new(Id<Provider>.New(), "Cooperativa Robinia", Id<Account>.New(), 1248, new(1_000_000L * programmes))]),
        new(2026, 11, 16));
}
