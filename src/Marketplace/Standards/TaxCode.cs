using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// A <i>codice fiscale</i>: sixteen characters for a person (omocodes included), or eleven digits where the revenue
/// agency gave a provisional code. Kept in capitals without spaces.
/// </summary>
/// <remarks>
/// A well-formed code is not proof that it was ever assigned. Two omocodes of one root may be two different people:
/// compare <see cref="Root"/> to warn, never to merge.
/// </remarks>
public readonly record struct TaxCode : IParsable<TaxCode>
{
    internal const int Length = 16;
    internal const string MonthLetters = "ABCDEHLMPRST";
    private const string OmocodeLetters = "LMNPQRSTUV";
    private const string Shape = "LLLLLLDDLDDLDDDL";
    private const int WomanOffset = 40;

    private readonly string? code;

    private TaxCode(string code) => this.code = code;

    /// <summary>The code itself; empty only for the default value, which is no code.</summary>
    public string Value => code ?? "";

    /// <summary>Eleven digits instead of sixteen characters: nothing about the person can be read from it.</summary>
    public bool IsProvisional => Value.Length == VatNumber.Length;

    /// <summary>Whether letters stand where a root code has digits, to tell apart people who would share a code.</summary>
    public bool IsOmocode => Root != this;

    /// <summary>The code with digits in every numeric place: what omocodes have in common.</summary>
    public TaxCode Root
    {
        get
        {
            if (Value.Length != Length) return this;
            var body = WithDigits(Value)[..(Length - 1)];
            return new(body + CheckLetter.Of(body));
        }
    }

    /// <summary>What the code says of the birth, or null for a provisional code.</summary>
    public TaxCodeBirth? Birth
    {
        get
        {
            if (Value.Length != Length) return null;
            var plain = WithDigits(Value);
            var day = Number(plain, 9);
            return new(
                Number(plain, 6), MonthLetters.IndexOf(plain[8], StringComparison.Ordinal) + 1,
                day > WomanOffset ? day - WomanOffset : day, day > WomanOffset, plain[11..15]);
        }
    }

    public override string ToString() => Value;

    /// <summary>Reads a code that must be right. Throws where a person's input would get a fault.</summary>
    public static TaxCode Parse(string text) =>
        TryParse(text, out var code, out var fault) ? code : throw new FormatException(fault.ToString());

    /// <summary>Reads what a person typed, or says what is wrong with it.</summary>
    public static bool TryParse(string? text, out TaxCode code, [NotNullWhen(false)] out TaxCodeFault? fault)
    {
        code = default;
        var compact = CodeText.Compact(text);
        fault = FaultOf(compact);
        if (fault is not null) return false;
        code = new(compact);
        return true;
    }

    /// <summary>For form binding: what <see cref="TryParse(string?, out TaxCode, out TaxCodeFault?)"/> accepts.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TaxCode result) =>
        TryParse(s, out result, out _);

    static TaxCode IParsable<TaxCode>.Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>
    /// The root code for an invented person. Only the revenue agency assigns real ones, so this is for demonstration
    /// towns and tests. Throws for names without a Latin letter and for a place that is not a letter and three digits.
    /// </summary>
    public static TaxCode Compute(string surname, string name, LocalDate birthDate, bool isWoman, string placeCode)
    {
        var place = CodeText.Compact(placeCode);
        if (place.Length != 4 || !char.IsAsciiLetterUpper(place[0]) || !place.Skip(1).All(char.IsAsciiDigit))
        {
            throw new ArgumentException($"Not a place code: {placeCode}", nameof(placeCode));
        }
        var day = birthDate.Day + (isWoman ? WomanOffset : 0);
        var body = SurnamePart(surname) + NamePart(name)
            + $"{birthDate.Year % 100:00}{MonthLetters[birthDate.Month - 1]}{day:00}" + place;
        return new(body + CheckLetter.Of(body));
    }

    private static string SurnamePart(string surname)
    {
        var (consonants, vowels) = Letters(surname);
        return (consonants + vowels + "XX")[..3];
    }

    private static string NamePart(string name)
    {
        var (consonants, vowels) = Letters(name);
        // With four consonants or more the second is left out: the state's way of telling similar names apart.
        return consonants.Length > 3
            ? $"{consonants[0]}{consonants[2]}{consonants[3]}"
            : (consonants + vowels + "XX")[..3];
    }

    private static (string Consonants, string Vowels) Letters(string name)
    {
        var letters = CodeText.Compact(CodeText.WithoutAccents(name)).Where(char.IsAsciiLetterUpper).ToLookup(IsVowel);
        if (letters.Count == 0) throw new ArgumentException($"No Latin letter in the name: {name}", nameof(name));
        return (string.Concat(letters[false]), string.Concat(letters[true]));
    }

    private static bool IsVowel(char c) => c is 'A' or 'E' or 'I' or 'O' or 'U';

    private static TaxCodeFault? FaultOf(string compact)
    {
        if (compact.Length == 0) return new TaxCodeFault.Empty();
        if (compact.Length == VatNumber.Length && compact.All(char.IsAsciiDigit)) return ProvisionalFaultOf(compact);
        if (compact.Length != Length) return new TaxCodeFault.WrongLength(compact.Length);

        for (var i = 0; i < Length; i++)
        {
            var c = compact[i];
            if (Shape[i] == 'L' && !char.IsAsciiLetterUpper(c))
            {
                return new TaxCodeFault.WrongCharacter(i + 1, c, LetterExpected: true);
            }
            if (Shape[i] == 'D' && !char.IsAsciiDigit(c) && !OmocodeLetters.Contains(c, StringComparison.Ordinal))
            {
                return new TaxCodeFault.WrongCharacter(i + 1, c, LetterExpected: false);
            }
        }

        // The date comes before the check letter: "there is no 32 April" helps more than "the last letter is wrong".
        var plain = WithDigits(compact);
        var month = MonthLetters.IndexOf(plain[8], StringComparison.Ordinal) + 1;
        if (month == 0) return new TaxCodeFault.ImpossibleMonth(plain[8]);
        var day = Number(plain, 9);
        var dayOfMonth = day > WomanOffset ? day - WomanOffset : day;
        if (dayOfMonth < 1 || dayOfMonth > DaysIn(month, Number(plain, 6)))
        {
            return new TaxCodeFault.ImpossibleDay(day, month);
        }

        var expected = CheckLetter.Of(compact.AsSpan(0, Length - 1));
        return compact[^1] == expected ? null : new TaxCodeFault.WrongCheckLetter(compact[^1], expected);
    }

    private static TaxCodeFault? ProvisionalFaultOf(string digits)
    {
        if (digits.All(c => c == '0')) return new TaxCodeFault.AllZeros();
        var expected = VatNumber.CheckDigit(digits);
        return digits[^1] == expected ? null : new TaxCodeFault.WrongCheckDigit(digits[^1], expected);
    }

    // The code leaves the century open, so 29 February is possible if any century makes the year a leap year.
    // 2000 was one, therefore 00 counts like every other multiple of four.
    private static int DaysIn(int month, int yearOfCentury) =>
        CalendarSystem.Iso.GetDaysInMonth(2000 + yearOfCentury, month);

    private static string WithDigits(string code) => string.Create(Length, code, (plain, source) =>
    {
        for (var i = 0; i < Length; i++)
        {
            var digit = Shape[i] == 'D' ? OmocodeLetters.IndexOf(source[i], StringComparison.Ordinal) : -1;
            plain[i] = digit < 0 ? source[i] : (char)('0' + digit);
        }
    });

    private static int Number(string digits, int start) => (digits[start] - '0') * 10 + (digits[start + 1] - '0');
}

/// <summary>What a tax code says of a birth: the day, the sex and the place, but only two digits of the year.</summary>
/// <remarks>
/// Year 50 is 1950 or 2050, or 1850: nothing in the code tells which. The place is the land registry's code of the
/// municipality or, beginning with Z, of the foreign country.
/// </remarks>
public sealed record TaxCodeBirth(int YearOfCentury, int Month, int Day, bool IsWoman, string PlaceCode)
{
    /// <summary>
    /// The latest date not after <paramref name="today"/> that fits. It is a guess: whoever is a hundred reads as a
    /// new-born child, so use it to propose a date for a person to confirm, never to decide an entitlement.
    /// </summary>
    public LocalDate LatestDate(LocalDate today)
    {
        for (var year = today.Year - today.Year % 100 + YearOfCentury; ; year -= 100)
        {
            if (Day > CalendarSystem.Iso.GetDaysInMonth(year, Month)) continue;
            var date = new LocalDate(year, Month, Day);
            if (date <= today) return date;
        }
    }
}

/// <summary>What is wrong with a text that should be a tax code. Places count from 1.</summary>
public abstract record TaxCodeFault : Fault
{
    private TaxCodeFault(string code) : base(code)
    {
    }

    public sealed record Empty() : TaxCodeFault("tax_code_empty");

    /// <summary>Neither the sixteen of a person nor eleven digits.</summary>
    public sealed record WrongLength(int Found) : TaxCodeFault("tax_code_wrong_length");

    public sealed record WrongCharacter(int Place, char Found, bool LetterExpected)
        : TaxCodeFault("tax_code_wrong_character");

    public sealed record ImpossibleMonth(char Found) : TaxCodeFault("tax_code_impossible_month");

    /// <summary>The two digits as written: a woman's day has 40 added.</summary>
    public sealed record ImpossibleDay(int Found, int Month) : TaxCodeFault("tax_code_impossible_day");

    public sealed record WrongCheckLetter(char Found, char Expected) : TaxCodeFault("tax_code_wrong_check_letter");
    public sealed record WrongCheckDigit(char Found, char Expected) : TaxCodeFault("tax_code_wrong_check_digit");
    public sealed record AllZeros() : TaxCodeFault("tax_code_all_zeros");
}
