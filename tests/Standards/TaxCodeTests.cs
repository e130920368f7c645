using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Standards;

/// <summary>Goal: every code the state would accept is read, and every other one is refused for the right reason.</summary>
public sealed class TaxCodeTests
{
    [Theory]
    [InlineData("CCCFBA85D03L219P")]
    [InlineData("TKKYKU87B68L219F")]
    [InlineData("THDSDA95P08Z330H")]
    [InlineData("RSSMRA90A01H501W")]
    [InlineData("RSSMRA50B17A558W")]
    [InlineData("MRARSS75P14H501I")]
    [InlineData("CCCFBA85D03L21VE")]
    [InlineData("CCCFBA85D03L2MVP")]
    [InlineData("CCCFBA85D03LNMVE")]
    [InlineData("CCCFBA85D0PLNMVA")]
    [InlineData("CCCFBA85DLPLNMVL")]
    [InlineData("CCCFBA8RDLPLNMVX")]
    [InlineData("CCCFBAURDLPLNMVU")]
    [InlineData("RSSMRA90A01H50MO")]
    [InlineData("01234567897")]
    public void A_valid_code_is_read(string text) => Assert.Equal(text, TaxCode.Parse(text).Value);

    [Theory]
    [InlineData(" rssmra90a01h501w ")]
    [InlineData("RSS MRA 90A01 H501W")]
    [InlineData("RSSMRA90A01\u00a0H501W\u200b")]
    public void Case_and_spaces_do_not_matter(string text) => Assert.Equal("RSSMRA90A01H501W", TaxCode.Parse(text).Value);

    public static TheoryData<string?, TaxCodeFault> Faults => new()
    {
        { null, new TaxCodeFault.Empty() },
        { "  ", new TaxCodeFault.Empty() },
        { "CCCFBA85D03L219PP", new TaxCodeFault.WrongLength(17) },
        { "CCCFBA85D03L219", new TaxCodeFault.WrongLength(15) },
        { "0123456789A", new TaxCodeFault.WrongLength(11) },
        { "CCCFBA85D03L219B", new TaxCodeFault.WrongCheckLetter('B', 'P') },
        { "CRMJLU92H52Z826N", new TaxCodeFault.WrongCheckLetter('N', CheckLetterOf("CRMJLU92H52Z826")) },
        { "CCCFBA85D00L219J", new TaxCodeFault.ImpossibleDay(0, 4) },
        { "CCCFBA85D99L219M", new TaxCodeFault.ImpossibleDay(99, 4) },
        { "CCCFBA85D32L219Q", new TaxCodeFault.ImpossibleDay(32, 4) },
        { "RSSMRA85D72L219J", new TaxCodeFault.ImpossibleDay(72, 4) },
        { "RSSMRA85D71L219E", new TaxCodeFault.ImpossibleDay(71, 4) },
        { "RSSMRA85D40L219E", new TaxCodeFault.ImpossibleDay(40, 4) },
        { "RSSMRA85B29L219E", new TaxCodeFault.ImpossibleDay(29, 2) },
        { "RSSMRA85F03L219E", new TaxCodeFault.ImpossibleMonth('F') },
        { "RS5MRA90A01H501W", new TaxCodeFault.WrongCharacter(3, '5', LetterExpected: true) },
        { "RSSMRA9OA01H501W", new TaxCodeFault.WrongCharacter(8, 'O', LetterExpected: false) },
        { "RSSMRÀ90A01H501W", new TaxCodeFault.WrongCharacter(6, 'À', LetterExpected: true) },
        { "RSSMRA90A01H5015", new TaxCodeFault.WrongCharacter(16, '5', LetterExpected: true) },
        { "01234567890", new TaxCodeFault.WrongCheckDigit('0', '7') },
        { "00000000000", new TaxCodeFault.AllZeros() },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_code_is_refused_for_its_reason(string? text, TaxCodeFault expected)
    {
        Assert.False(TaxCode.TryParse(text, out var code, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal("", code.Value);
    }

    [Fact]
    public void A_leap_day_is_accepted_in_the_ambiguous_year_00() =>
        Assert.Equal(29, TaxCode.Compute("Rossi", "Maria", new(2000, 2, 29), true, "H501").Birth?.Day);

    [Theory]
    [InlineData("Rossi", "Mario", 1990, 1, 1, false, "H501", "RSSMRA90A01H501W")]
    [InlineData("Rossi", "Maria", 1950, 2, 17, false, "A558", "RSSMRA50B17A558W")]
    [InlineData("Fo", "Al", 1975, 9, 14, true, "L319", "FOXLAX75P54L319")]
    [InlineData("D'Àmico", "Nicolò", 2001, 12, 31, false, "L319", "DMCNCL01T31L319")]
    [InlineData("De Gasperi", "Gianfranco", 1960, 6, 5, false, "A859", "DGSGFR60H05A859")]
    [InlineData("Straße", "Łucja", 1982, 10, 9, true, "Z127", "STRLCJ82R49Z127")]
    [InlineData("Ai", "Io", 1982, 10, 9, true, "Z127", "AIXIOX82R49Z127")]
    public void A_code_is_computed_from_a_person(
        string surname, string name, int year, int month, int day, bool isWoman, string place, string expected)
    {
        var code = TaxCode.Compute(surname, name, new(year, month, day), isWoman, place);
        Assert.StartsWith(expected, code.Value, StringComparison.Ordinal);
        Assert.Equal(code, TaxCode.Parse(code.Value));
    }

    [Theory]
    [InlineData("", "Mario", "H501")]
    [InlineData("Rossi", "李", "H501")]
    [InlineData("Rossi", "Mario", "H50")]
    [InlineData("Rossi", "Mario", "5015")]
    public void A_person_without_letters_or_place_is_a_mistake(string surname, string name, string place) =>
        Assert.Throws<ArgumentException>(() => TaxCode.Compute(surname, name, new(1990, 1, 1), false, place));

    [Fact]
    public void A_computed_code_reads_back_as_the_same_birth() =>
        Prop.ForAll(AnyCode.ToArbitrary(), made =>
        {
            var code = TaxCode.Parse(made.Code.Value);
            var birth = code.Birth!;
            Assert.False(code.IsOmocode);
            Assert.Equal(made.Born.Year % 100, birth.YearOfCentury);
            Assert.Equal((made.Born.Month, made.Born.Day), (birth.Month, birth.Day));
            Assert.Equal((made.IsWoman, "L319"), (birth.IsWoman, birth.PlaceCode));
        }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void One_wrong_character_is_always_found() =>
        Prop.ForAll(AnyCode.ToArbitrary(), Gen.Choose(0, 15).ToArbitrary(),
            Gen.Elements("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".ToCharArray()).ToArbitrary(), (made, place, wrong) =>
            {
                var code = made.Code.Value;
                var changed = code[..place] + wrong + code[(place + 1)..];
                Assert.Equal(changed == code, TaxCode.TryParse(changed, out _, out _));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void All_128_omocodes_share_one_root()
    {
        int[] places = [6, 7, 9, 10, 12, 13, 14];
        var root = TaxCode.Parse("RSSMRA90A01H501W");
        var codes = new HashSet<TaxCode>();
        for (var mask = 0; mask < 128; mask++)
        {
            var body = root.Value[..15].ToCharArray();
            for (var i = 0; i < places.Length; i++)
            {
                if ((mask >> i & 1) == 1) body[places[i]] = "LMNPQRSTUV"[body[places[i]] - '0'];
            }
            var omocode = TaxCode.Parse(new string(body) + CheckLetterOf(new(body)));
            Assert.Equal(root, omocode.Root);
            Assert.Equal(mask != 0, omocode.IsOmocode);
            Assert.Equal(root.Birth, omocode.Birth);
            codes.Add(omocode);
        }
        Assert.Equal(128, codes.Count);
    }

    [Theory]
    [InlineData("RSSMRA90A01H501W", "2026-11-22", "1990-01-01")]
    [InlineData("CCCFBA85D03L219P", "2085-04-02", "1985-04-03")]
    [InlineData("CCCFBA85D03L219P", "2085-04-03", "2085-04-03")]
    public void The_latest_birth_date_is_not_in_the_future(string code, string today, string expected)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso;
        var latest = TaxCode.Parse(code).Birth!.LatestDate(day.Parse(today).Value);
        Assert.Equal(day.Parse(expected).Value, latest);
    }

    [Fact]
    public void A_leap_day_of_00_skips_the_centuries_that_had_none() =>
        Assert.Equal(new(1600, 2, 29), new TaxCodeBirth(0, 2, 29, false, "H501").LatestDate(new(1999, 1, 1)));

    [Fact]
    public void A_provisional_code_says_nothing_of_the_person()
    {
        var code = TaxCode.Parse("01234567897");
        Assert.True(code.IsProvisional);
        Assert.False(code.IsOmocode);
        Assert.Null(code.Birth);
    }

    [Fact]
    public void The_value_that_must_be_right_throws() => Assert.Throws<FormatException>(() => TaxCode.Parse("RSSMRA"));

    private sealed record Made(TaxCode Code, LocalDate Born, bool IsWoman);

    private static readonly Gen<Made> AnyCode =
        from surname in Gen.Elements("Bianchi", "Fo", "D'Angelo", "Èrcoli", "Xu", "De la Cruz")
        from name in Gen.Elements("Anna", "Gianfranco", "Io", "Nicolò", "Maria Chiara", "Bo")
        from day in Gen.Choose(0, 40_000)
        from isWoman in Gen.Elements(true, false)
        let born = new LocalDate(1920, 1, 1).PlusDays(day)
        select new Made(TaxCode.Compute(surname, name, born, isWoman, "L319"), born, isWoman);

    // Asks the code under test for the letter it wants: all 26 are tried, exactly one passes.
    private static char CheckLetterOf(string body) =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ".Single(c => TaxCode.TryParse(body + c, out _, out _));
}
