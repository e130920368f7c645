using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Borsellino.Tests.Standards;

/// <summary>Goal: whatever is written satisfies the public schema and adds up; whatever a bank would reject is refused.</summary>
public sealed class Pain001Tests
{
    private static readonly XNamespace Ns = Pain001.Namespace;
    private static readonly Iban Ours = Iban.ForItaly("05428", "11101", "123456");
    private static readonly Iban Theirs = Iban.Parse("IT23I0306909606100000046093");

    private static readonly PaymentLine Line = new("LIQ-1", Money.Euro(1_050), new("Cooperativa Alfa", "Tradate", "IT"), Theirs);

    private static readonly PaymentOrder Order = new(
        "LIQ-2026-11-0001", Instant.FromUtc(2026, 11, 22, 9, 0), new(2026, 11, 24),
        new("Comune di Esempio", "Esempio", "IT"), Ours,
        [
            Line with { Remittance = new Remittance.Reference(CreditorReference.Create("LIQ202611000042")) },
            new("LIQ-2", new(52_550), new("Bottega Beta"), Theirs, new Remittance.FreeText("CIG A0B1C2D3E4 fatt. 12/2026")),
        ]);

    [Fact]
    public void An_order_is_valid_and_adds_up()
    {
        var document = Validated(Order);
        foreach (var totals in new[] { "GrpHdr", "PmtInf" })
        {
            var element = document.Descendants(Ns + totals).Single();
            Assert.Equal("2", element.Element(Ns + "NbOfTxs")?.Value);
            Assert.Equal("1575.50", element.Element(Ns + "CtrlSum")?.Value);
        }
        Assert.Equal("2026-11-22T10:00:00+01:00", Values(document, "CreDtTm").Single());
        Assert.Equal("2026-11-24", Values(document, "Dt").Single());
        Assert.Equal(["LIQ-1", "LIQ-2"], Values(document, "EndToEndId"));
        Assert.Equal(["1050.00", "525.50"], Values(document, "InstdAmt"));
        Assert.Equal([Ours.Value, Theirs.Value, Theirs.Value], Values(document, "IBAN"));
        Assert.Equal("RF85LIQ202611000042", Values(document, "Ref").Single());
        Assert.Equal("CIG A0B1C2D3E4 fatt. 12/2026", Values(document, "Ustrd").Single());
        Assert.Equal(["Esempio", "Tradate"], Values(document, "TwnNm"));
    }

    [Fact]
    public void The_same_order_gives_the_same_bytes_without_mark_or_carriage_return()
    {
        var file = Write(Order);
        Assert.Equal(file, Write(Order));
        Assert.Equal((byte)'<', file[0]);
        Assert.DoesNotContain((byte)'\r', file);
        Assert.All(file, b => Assert.InRange(b, 1, 127));
    }

    [Fact]
    public void Names_and_texts_are_cut_and_lose_what_banks_refuse()
    {
        var name = new string('à', 69) + "èé";
        var text = string.Concat(Enumerable.Repeat("perché 𝄞 & ", 30));
        var document = Validated(Order with
        {
            Debtor = new("Società «L’Aquila» S.r.l. – ½ & C."),
            Lines = [Line with { Creditor = new(name), Remittance = new Remittance.FreeText(text) }],
        });
        Assert.Equal("Societa .L'Aquila. S.r.l. - . + C.", Values(document, "Nm")[0]);
        Assert.Equal(new string('a', 69) + "e", Values(document, "Nm")[2]);
        var ustrd = Values(document, "Ustrd").Single();
        Assert.StartsWith("perche . + perche", ustrd, StringComparison.Ordinal);
        Assert.InRange(ustrd.Length, 139, 140);
    }

    [Fact]
    public void A_blank_text_is_left_out() =>
        Assert.Empty(Validated(Order with { Lines = [Line with { Remittance = new Remittance.FreeText(" \n") }] })
            .Descendants(Ns + "RmtInf"));

    public static TheoryData<string, PaymentOrder, PaymentFault> Faults
    {
        get
        {
            var long36 = new string('A', 36);
            return new()
            {
                { "no message id", Order with { MessageId = " " }, new PaymentFault.IdMissing() },
                { "long message id", Order with { MessageId = long36 }, new PaymentFault.IdTooLong(long36, 35) },
                { "slash at the end", Order with { MessageId = "A/" }, new PaymentFault.IdNotAllowed("A/") },
                { "accent in an id", With(Line with { EndToEndId = "à" }), new PaymentFault.IdNotAllowed("à") },
                { "no lines", Order with { Lines = [] }, new PaymentFault.NoLines() },
                { "10,001 lines", Order with { Lines = [.. Enumerable.Repeat(Line, 10_001)] },
                    new PaymentFault.TooManyLines(10_001, 10_000) },
                { "yesterday", Order with { ExecutionOn = new(2026, 11, 21) },
                    new PaymentFault.ExecutionInThePast(new(2026, 11, 21)) },
                { "no debtor account", Order with { DebtorIban = default },
                    new PaymentFault.IbanMissing("LIQ-2026-11-0001") },
                { "no debtor name", Order with { Debtor = new("") },
                    new PaymentFault.NameMissing("LIQ-2026-11-0001") },
                { "long id", With(Line with { EndToEndId = long36 }), new PaymentFault.IdTooLong(long36, 35) },
                { "no id", With(Line with { EndToEndId = "" }), new PaymentFault.IdMissing() },
                { "id twice", With(Line, Line), new PaymentFault.DuplicateId("LIQ-1") },
                { "zero", With(Line with { Amount = Money.Zero }), new PaymentFault.AmountNotPositive("LIQ-1", Money.Zero) },
                { "negative", With(Line with { Amount = new(-1) }), new PaymentFault.AmountNotPositive("LIQ-1", new(-1)) },
                { "a billion", With(Line with { Amount = new(100_000_000_000) }),
                    new PaymentFault.AmountTooLarge("LIQ-1", new(100_000_000_000)) },
                { "no account", With(Line with { CreditorIban = default }), new PaymentFault.IbanMissing("LIQ-1") },
                { "no name", With(Line with { Creditor = new(" ") }), new PaymentFault.NameMissing("LIQ-1") },
                { "town alone", With(Line with { Creditor = new("B", "Tradate") }),
                    new PaymentFault.AddressIncomplete("LIQ-1") },
                { "country alone", With(Line with { Creditor = new("B", null, "IT") }),
                    new PaymentFault.AddressIncomplete("LIQ-1") },
                { "country in words", With(Line with { Creditor = new("B", "Tradate", "Italia") }),
                    new PaymentFault.AddressIncomplete("LIQ-1") },
                { "no reference", With(Line with { Remittance = new Remittance.Reference(default) }),
                    new PaymentFault.ReferenceMissing("LIQ-1") },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_a_bank_would_reject_is_refused(string why, PaymentOrder order, PaymentFault expected)
    {
        Assert.False(Pain001.TryWrite(order, out var file, out var fault), why);
        Assert.Equal(expected, fault);
        Assert.Null(file);
    }

    [Fact]
    public void Any_names_texts_and_amounts_make_a_valid_file_that_adds_up() =>
        Prop.ForAll(Gen.NonEmptyListOf(AnyLine).ToArbitrary(), lines =>
        {
            var order = Order with { Lines = [.. lines.Select((line, i) => line with { EndToEndId = $"E-{i}" })] };
            var document = Validated(order);
            var sum = Values(document, "InstdAmt").Sum(amount => decimal.Parse(amount, CultureInfo.InvariantCulture));
            Assert.Equal(order.Lines.Sum(line => line.Amount).Cents / 100m, sum);
            Assert.All(Values(document, "CtrlSum"), total => Assert.Equal(sum, decimal.Parse(total, CultureInfo.InvariantCulture)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    private static readonly Gen<PaymentLine> AnyLine =
        from cents in Gen.Choose(1, int.MaxValue)
        from name in ArbMap.Default.GeneratorFor<NonNull<string>>()
        from text in ArbMap.Default.GeneratorFor<string>()
        select new PaymentLine("", new(cents), new("A" + name.Get), Theirs, new Remittance.FreeText(text ?? ""));

    private static PaymentOrder With(params PaymentLine[] lines) => Order with { Lines = lines };

    private static string[] Values(XDocument document, string element) =>
        [.. document.Descendants(Ns + element).Select(e => e.Value)];

    private static byte[] Write(PaymentOrder order)
    {
        Assert.True(Pain001.TryWrite(order, out var file, out var fault), $"{fault}");
        return file;
    }

    private static XDocument Validated(PaymentOrder order)
    {
        var document = XDocument.Parse(Encoding.UTF8.GetString(Write(order)));
        document.Validate(Schemas.Value, (_, e) => Assert.Fail(e.Message));
        return document;
    }

    private static readonly Lazy<XmlSchemaSet> Schemas = new(() =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Standards", "xsd", "pain.001.001.09.xsd");
        using var reader = XmlReader.Create(path, new() { DtdProcessing = DtdProcessing.Prohibit });
        var schemas = new XmlSchemaSet();
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    });
}
