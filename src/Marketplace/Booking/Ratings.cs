using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>How households found using the service. The questions are those of the public administration's model.</summary>
public sealed class Ratings(Database db)
{
    public const int NoteMax = 600;

    /// <summary>What one may have found hard (one to three stars) or liked (four and five), as codes.</summary>
    public static IReadOnlyList<string> AspectsOf(int stars) => stars < 4
        ? ["unclear", "incomplete", "unsure", "technical", "other_hard"]
        : ["clear", "complete", "sure", "worked", "other_liked"];

    /// <summary>Keeps a household's rating of a booking; a later one takes the place of an earlier one.</summary>
    /// <remarks>Throws for stars outside one to five, an aspect that does not belong to them, a note too long.</remarks>
    public Task<Result<Done>> RateAsync(
        TerritoryId territory, Id<Booking> id, HouseholdUser by, Rating rating, CancellationToken cancel = default)
    {
        if (rating.Stars is < 1 or > 5) throw new ArgumentOutOfRangeException(nameof(rating), rating.Stars, "One to five stars.");
        if (rating.Note.Length > NoteMax) throw new ArgumentException($"A note has at most {NoteMax} characters.", nameof(rating));
        if (rating.Aspect.Length > 0 && !AspectsOf(rating.Stars).Contains(rating.Aspect, StringComparer.Ordinal))
        {
            throw new ArgumentException($"{rating.Aspect} does not go with {rating.Stars} stars.", nameof(rating));
        }

        return db.TransactAsync<Done>(territory, async tx =>
        {
            var rated = await tx.ExecuteAsync(
                """
                update marketplace.booking
                set rating = @Stars, rating_aspect = nullif(@Aspect, ''), rating_note = nullif(@Note, '')
                where territory_id = @territory and id = @id and household_id = @Household
                """, new { id, by.Household, rating.Stars, rating.Aspect, rating.Note });
            return rated == 1 ? default(Done) : new BookingNotFound(id);
        }, cancel);
    }
}
