using System.Security.Cryptography;
using System.Text;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Six digits, and not the first that anybody would try.</summary>
public sealed record PinTooPlain() : FieldRefusal("pin_too_plain", "pin");

/// <summary>The household has none, or this is not it. Which of the two is not told.</summary>
public sealed record PinNotRight() : FieldRefusal("pin_not_right", "pin");

/// <summary>Too many tries lately: none is looked at for a while.</summary>
public sealed record PinTriedTooOften() : FieldRefusal("pin_tried_too_often", "pin");

/// <summary>
/// The PIN by which a household consents at the desk, typed by itself each time. It sets it alone, nobody reads it, and after ten tries in a quarter of an
/// hour none is judged.
/// </summary>
public sealed class HouseholdPins(Database db, Attempts attempts, IClock clock)
{
    public const int Digits = 6;

    private const string What = "desk_pin";

    /// <summary>As many as for passwords.</summary>
    private const int Rounds = 210_000;

    private const int SaltBytes = 16, HashBytes = 32;

    /// <summary>Where the consent can be found, as the household reads it.</summary>
    private const string Typed = "digitato allo sportello";

    /// <summary>When the household set its PIN; null for none.</summary>
    public async Task<Instant?> SetAtAsync(TerritoryId territory, Id<Household> household, CancellationToken cancel = default) =>
        await db.FindAsync<Instant?>(
            territory, "select set_at from marketplace.household_pin where territory_id = @territory and household_id = @household", new { household }, cancel);

    /// <summary>A new PIN, instead of the one before. Refused for a delegate, and for digits that anybody would try.</summary>
    public Task<Result<Done>> SetAsync(TerritoryId territory, string pin, HouseholdUser by, CancellationToken cancel = default)
    {
        if (!IsPin(pin) || IsPlain(pin)) return Task.FromResult<Result<Done>>(new PinTooPlain());
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] hash = [.. salt, .. HashOf(pin, salt)];
        return db.TransactAsync<Done>(territory, async tx =>
        {
            if (!await Delegations.IsOwnAsync(tx, by)) return new DelegateMayNot();
            await tx.ExecuteAsync(
                """
                insert into marketplace.household_pin as p (territory_id, household_id, hash, set_by, set_at) values (@territory, @Household, @hash, @User, @now)
                on conflict (territory_id, household_id) do update set hash = excluded.hash, set_by = excluded.set_by, set_at = excluded.set_at
                """, new { by.Household, hash, by.User, now = clock.Now });
            return default(Done);
        }, cancel);
    }

    /// <summary>No PIN any more. Refused for a delegate.</summary>
    public Task<Result<Done>> DropAsync(TerritoryId territory, HouseholdUser by, CancellationToken cancel = default) =>
        db.TransactAsync<Done>(territory, async tx =>
        {
            if (!await Delegations.IsOwnAsync(tx, by)) return new DelegateMayNot();
            await tx.ExecuteAsync("delete from marketplace.household_pin where territory_id = @territory and household_id = @Household", new { by.Household });
            return default(Done);
        }, cancel);

    /// <summary>The consent of the household of somebody with this tax code, who has typed its PIN. Every try counts, whoever makes it.</summary>
    public async Task<Result<Consent>> ConsentAsync(TerritoryId territory, string taxCode, string pin, CancellationToken cancel = default)
    {
        var found = await db.TransactAsync<HouseholdOfPerson>(territory, async tx =>
            (await Households.OfAsync(tx, [taxCode])).SingleOrDefault() is { } one ? one : new NobodyOfTaxCode(), cancel);
        if (found.IsRefused(out var nobody, out var who)) return nobody;
        if (!await attempts.TryAsync(territory, What, who.Household.ToString(), cancel)) return new PinTriedTooOften();
        var known = await db.ListAsync<byte[]>(
            territory, "select hash from marketplace.household_pin where territory_id = @territory and household_id = @Household", new { who.Household }, cancel);
        // Without a PIN as much is worked out as with one.
        var hash = known is [var kept] ? kept : new byte[SaltBytes + HashBytes];
        var isRight = CryptographicOperations.FixedTimeEquals(HashOf(pin, hash[..SaltBytes]), hash.AsSpan(SaltBytes)) && known.Count == 1;
        if (!isRight) return new PinNotRight();
        await attempts.ForgetAsync(territory, What, who.Household.ToString(), cancel);
        return new Consent(ConsentKind.Pin, Typed) { ProvenBy = who.Household };
    }

    /// <summary>Whether it looks like one.</summary>
    public static bool IsPin(string? pin) => pin is { Length: Digits } && pin.All(char.IsAsciiDigit);

    /// <summary>One digit six times, or six that follow each other up or down.</summary>
    private static bool IsPlain(string pin)
    {
        var steps = pin.Zip(pin.Skip(1), (a, b) => b - a).Distinct().ToList();
        return steps is [0] or [1] or [-1];
    }

    private static byte[] HashOf(string pin, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(pin), salt, Rounds, HashAlgorithmName.SHA512, HashBytes);
}
