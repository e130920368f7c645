using System.Text.RegularExpressions;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The hours of a service as they were typed cannot be, or what was drawn is no line.</summary>
public sealed record EvidenceWrong(string Field) : FieldRefusal("evidence_wrong", Field);

/// <summary>What a provider knows of a service that took place, as it is typed and drawn.</summary>
/// <param name="Began">By Italy's clock, on the day of the service; null, with the end, where it was as planned.</param>
/// <param name="Signature">A line drawn on a field of <see cref="Width"/> by <see cref="Height"/>: <c>M10 20L11 24…</c>; empty for none.</param>
public sealed partial record Evidence(LocalTime? Began, LocalTime? Finished, string Signature = "")
{
    public const int Width = 300, Height = 100, SignatureMax = 4_000;

    public static Evidence None { get; } = new(null, null);

    public bool IsNothing => Began is null && Finished is null && Signature.Length == 0;

    /// <summary>
    /// The instants of a service that was planned so. Refused: one time without the other, an end that is not after the beginning, or in the future; a line
    /// that is none. It stays on its day: only what was planned across midnight ends on the next. An hour that comes twice is the one nearer the plan.
    /// </summary>
    public Result<Delivered> At(Instant starts, Instant ends, Instant now)
    {
        if (Signature.Length > SignatureMax || !Line().IsMatch(Signature)) return new EvidenceWrong("signature");
        if (Began is null && Finished is null) return new Delivered(null, null, Signature);
        if (Began is not { } from) return new EvidenceWrong("began");
        if (Finished is not { } to) return new EvidenceWrong("finished");
        var day = starts.InZone(ClockExtensions.Rome).Date;
        var isNight = ends.InZone(ClockExtensions.Rome).Date > day;
        var began = Nearest(day + from, starts);
        var finished = Nearest((isNight && to <= from ? day.PlusDays(1) : day) + to, ends);
        if (began >= now) return new EvidenceWrong("began");
        return finished <= began || finished > now ? new EvidenceWrong("finished") : new Delivered(began, finished, Signature);
    }

    private static Instant Nearest(LocalDateTime time, Instant plan)
    {
        var map = ClockExtensions.Rome.MapLocal(time);
        if (map.Count != 2) return time.InZoneLeniently(ClockExtensions.Rome).ToInstant();
        var (first, last) = (map.First().ToInstant(), map.Last().ToInstant());
        return Away(first) <= Away(last) ? first : last;

        double Away(Instant at) => Math.Abs((at - plan).TotalSeconds);
    }

    [GeneratedRegex(@"^(M\d{1,3} \d{1,3}(L\d{1,3} \d{1,3})+)*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();
}

/// <summary>The same, as instants.</summary>
public sealed record Delivered(Instant? BeganAt, Instant? FinishedAt, string Signature);

/// <summary>A service that took less time than was booked, for the office.</summary>
public sealed record ShorterService(Id<Booking> Booking, string Number, string Provider, Instant StartsAt, int Minutes, int Planned, BookingStatus Status);
