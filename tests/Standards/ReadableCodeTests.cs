using Borsellino.Marketplace.Standards;

namespace Borsellino.Tests.Standards;

public sealed class ReadableCodeTests
{
    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 14)]
    [InlineData(5, 24)]
    public void A_new_code_is_printed_in_fours_and_read_back(int groups, int length)
    {
        for (var i = 0; i < 200; i++)
        {
            var code = ReadableCode.New(groups);
            Assert.Equal(length, code.ToString().Length);
            Assert.All(code.Value, c => Assert.Contains(c, ReadableCode.Alphabet));
            Assert.Equal(code, ReadableCode.Parse(code.ToString()));
            Assert.Equal(code, ReadableCode.Parse($" {code.Value.Insert(3, " - ")} ".ToUpperInvariant()));
            Assert.Equal(code, ReadableCode.Parse(string.Concat(code.Value.Select(char.ToLowerInvariant))));
        }
    }

    [Fact]
    public void The_alphabet_has_nothing_that_looks_alike()
    {
        Assert.Equal(32, ReadableCode.Alphabet.Distinct().Count());
        Assert.DoesNotContain(ReadableCode.Alphabet, c => "0O1I".Contains(c));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_single_misreading_and_every_exchange_is_found(int groups)
    {
        var code = ReadableCode.New(groups).Value;
        for (var i = 0; i < code.Length; i++)
        {
            foreach (var wrong in ReadableCode.Alphabet)
            {
                var changed = code[..i] + wrong + code[(i + 1)..];
                Assert.Equal(wrong == code[i], ReadableCode.TryParse(changed, out _, out _));
            }
            for (var j = 0; j < i; j++)
            {
                var exchanged = code.ToCharArray();
                (exchanged[i], exchanged[j]) = (exchanged[j], exchanged[i]);
                Assert.Equal(code[i] == code[j], ReadableCode.TryParse(new string(exchanged), out _, out _));
            }
        }
    }

    public static TheoryData<string?, ReadableCodeFault> Faults => new()
    {
        { null, new ReadableCodeFault.Empty() },
        { "--", new ReadableCodeFault.Empty() },
        { "7K4D", new ReadableCodeFault.WrongLength(4) },
        { "7K4D-M2X", new ReadableCodeFault.WrongLength(7) },
        { "7K4D-M2X0", new ReadableCodeFault.WrongCharacter(8, '0') },
        { "7K4D-M2X!", new ReadableCodeFault.WrongCharacter(8, '!') },
        { "2222-2223", new ReadableCodeFault.Misread() },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_code_is_refused_for_its_reason(string? text, ReadableCodeFault expected)
    {
        Assert.False(ReadableCode.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void A_code_too_short_or_too_long_is_a_mistake(int groups) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadableCode.New(groups));
}
