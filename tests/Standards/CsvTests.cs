using System.Text;
using Borsellino.Marketplace.Standards;
using FsCheck;
using FsCheck.Fluent;

namespace Borsellino.Tests.Standards;

public sealed class CsvTests
{
    private static readonly CsvShape People = new("codice_fiscale", "nome", "città");

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 with mark", "utf-16", "utf-16 big endian", "windows-1252"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_encoding_of_an_office_is_recognised(string name)
    {
        Encoding encoding = name switch
        {
            "utf-8" => new UTF8Encoding(false),
            "utf-8 with mark" => new UTF8Encoding(true),
            "utf-16" => new UnicodeEncoding(false, true),
            "utf-16 big endian" => new UnicodeEncoding(true, true),
            _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        };
        const string text = "codice_fiscale;nome;città\r\nX;Niccolò «€»;Forlì\r\n";
        var row = Assert.Single(Open([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], People).Rows);
        Assert.Equal(("X", "Niccolò «€»", "Forlì"), (row["codice_fiscale"], row["nome"], row["città"]));
    }

    [Theory]
    [InlineData("codice_fiscale;nome;città\nX;Ada;Forlì", ';')]
    [InlineData("codice_fiscale,nome,città\nX,Ada,Forlì", ',')]
    [InlineData("codice_fiscale\tnome\tcittà\nX\tAda\tForlì", '\t')]
    [InlineData("nome;\"a,b,c,d,\"\"e\";citta;codice_fiscale\nAda;;Forlì;X", ';')]
    [InlineData("CITTA';Codice Fiscale;extra;NOME\rForlì;X;?;Ada", ';')]
    [InlineData("\n\n Città ;codice-fiscale;nome;;\r\nForlì;X;Ada;;\r\n;;;;\r\n", ';')]
    [InlineData("codice_fiscale;nome;città\nX;\"Ada\" ;  Forlì  ", ';')]
    public void Delimiter_order_and_spelling_of_columns_do_not_matter(string text, char delimiter)
    {
        var table = Open(text, People);
        Assert.Equal(delimiter, table.Delimiter);
        Assert.Equal(1, table.RowCount);
        var row = Assert.Single(table.Rows);
        Assert.Equal(("X", "Ada", "Forlì"), (row["codice_fiscale"], row["nome"], row["città"]));
        Assert.False(row.IsTooWide);
    }

    [Fact]
    public void A_header_alone_may_have_one_column() =>
        Assert.Empty(Open("nome", new("nome")).Rows);

    [Fact]
    public void Rows_have_the_number_that_a_spreadsheet_shows()
    {
        var table = Open("nome;note\nAda;\"one\ntwo\r\nthree\"\n\n;\nBea;\"said \"\"no\"\"\"\n  \nCarla", new("nome", "note"));
        Assert.Equal([(2, "Ada", "one\ntwo\r\nthree"), (5, "Bea", "said \"no\""), (7, "Carla", "")],
            table.Rows.Select(row => (row.Number, row["nome"], row["note"])));
        Assert.Equal(3, table.RowCount);
        Assert.Equal(3, table.Rows.Count());
    }

    [Fact]
    public void A_row_with_too_many_fields_says_so()
    {
        var rows = Open("nome;comune\nAda;Tradate;;\nBea;Via Roma; 3;Tradate", new("nome", "comune")).Rows;
        Assert.Equal([false, true], rows.Select(row => row.IsTooWide));
    }

    [Fact]
    public void An_optional_column_may_be_absent()
    {
        var table = Open("nome\nAda", new("nome") { Optional = ["note"] });
        Assert.False(table.Has("note"));
        Assert.Equal("", Assert.Single(table.Rows)["note"]);
    }

    [Fact]
    public void Missing_and_duplicate_columns_are_named()
    {
        var missing = Assert.IsType<CsvFault.MissingColumns>(FaultOf("nome\nAda", People));
        Assert.Equal(["codice_fiscale", "città"], missing.Names);
        var duplicate = Assert.IsType<CsvFault.DuplicateColumns>(
            FaultOf("Nome;codice_fiscale;citta;nome;;;NOTE;note", People));
        Assert.Equal(["Nome", "NOTE"], duplicate.Names);
    }

    [Fact]
    public void Every_limit_is_a_refusal()
    {
        var small = new CsvShape("a") { BytesMax = 40, RowsMax = 2, ColumnsMax = 3, FieldLengthMax = 5 };
        Assert.Equal(new CsvFault.TooManyBytes(41, 40), FaultOf(new string('a', 41), small));
        Assert.Equal(new CsvFault.TooManyRows(2), FaultOf("a\n1\n\n2\n3", small));
        Assert.Equal(new CsvFault.TooManyColumns(3, 3), FaultOf("a\n1\n1;2;3;4", small));
        Assert.Equal(new CsvFault.FieldTooLong(2, 2, 5), FaultOf("a\n1;123456", small));
        Assert.Equal(2, Open("a;b;c\n12345\n\n;;3", small).RowCount);
    }

    [Fact]
    public void The_usual_limits_are_ten_megabytes_and_fifty_thousand_rows()
    {
        Assert.IsType<CsvFault.TooManyBytes>(FaultOf(new string('a', 10 * 1024 * 1024 + 1), new("a")));
        var rows = string.Concat(Enumerable.Repeat("1\n", 50_000));
        Assert.Equal(50_000, Open("a\n" + rows, new("a")).Rows.Count());
        Assert.Equal(new CsvFault.TooManyRows(50_000), FaultOf("a\n" + rows + "1", new("a")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n \n;;\n")]
    public void A_file_with_nothing_in_it_is_refused(string text) =>
        Assert.Equal(new CsvFault.Empty(), FaultOf(text, People));

    [Theory]
    [InlineData("a;b\n1;2\n\n3;\"4", 4)]
    [InlineData("\"a;b\n1;2", 1)]
    [InlineData("a\n\"", 2)]
    public void A_quotation_mark_left_open_is_refused_with_its_row(string text, int row) =>
        Assert.Equal(new CsvFault.UnclosedQuote(row), FaultOf(text, new("a")));

    [Fact]
    public void What_is_no_text_is_refused()
    {
        Assert.Equal(new CsvFault.Workbook(), FaultOf([0x50, 0x4B, 3, 4, 20, 0], People));
        Assert.Equal(new CsvFault.Workbook(), FaultOf([0xD0, 0xCF, 0x11, 0xE0, 0xA1], People));
        Assert.Equal(new CsvFault.NotText(), FaultOf([0x61, 0, 0x62, 0], People));
        Assert.Equal(new CsvFault.NotText(), FaultOf([0xEF, 0xBB, 0xBF, 0x61, 0xFF], People));
        Assert.Equal(new CsvFault.NotText(), FaultOf([0xFF, 0xFE, 0x61], People));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\0x", "'\0x")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("'=1", "''=1")]
    [InlineData("-", "'-")]
    [InlineData("-12,50", "-12,50")]
    [InlineData("-12.50", "-12.50")]
    [InlineData("-1.234,56", "-1.234,56")]
    [InlineData("+393331234567", "+393331234567")]
    [InlineData("-12,50\n=1", "\"'-12,50\n=1\"")]
    [InlineData("D'Angelo", "D'Angelo")]
    [InlineData("'s", "'s")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a,b", "a,b")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData(null, "")]
    public void A_cell_is_written_so_that_no_spreadsheet_runs_it(string? cell, string expected)
    {
        using var text = new StringWriter();
        new CsvWriter(text).Write("a", cell);
        Assert.Equal($"a;{expected}\r\n", text.ToString());
    }

    [Fact]
    public void The_byte_order_mark_is_a_choice()
    {
        Assert.Equal([0xEF, 0xBB, 0xBF, (byte)'a', 13, 10], CsvWriter.File([["a"]]));
        Assert.Equal([(byte)'a', 13, 10], CsvWriter.File([["a"]], withByteOrderMark: false));
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(Gen.ArrayOf(Gen.ArrayOf(NastyCell, 3)).ToArbitrary(), Gen.Elements(';', ',', '\t').ToArbitrary(),
            Gen.Elements(true, false).ToArbitrary(), (rows, delimiter, mark) =>
            {
                string[][] file = [["uno", "dué", "tre"], .. rows];
                var table = Open(CsvWriter.File(file, delimiter, mark), new("uno", "due", "tre"));
                Assert.Equal(rows.Where(row => !row.All(string.IsNullOrWhiteSpace)), table.Rows.Select(row => row.Fields));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_bytes_break_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var opened = CsvTable.TryOpen(bytes, new("a"), out var table, out var fault);
            Assert.Equal(opened, fault is null);
            if (table is not null) Assert.Equal(table.RowCount, table.Rows.Count());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static readonly Gen<string> NastyCell =
        from parts in Gen.ArrayOf(Gen.Elements(
            "\"", "\"\"", ";", ",", "\t", "\r", "\n", "\r\n", "'", "=", "+", "-", "@", "1", "12,50", " ", "è", "𝄞", "x", "\u00a0"))
        select string.Concat(parts);

    private static CsvTable Open(string text, CsvShape shape) => Open(Encoding.UTF8.GetBytes(text), shape);

    private static CsvTable Open(byte[] file, CsvShape shape)
    {
        Assert.True(CsvTable.TryOpen(file, shape, out var table, out var fault), $"{fault}");
        return table;
    }

    private static CsvFault FaultOf(string text, CsvShape shape) => FaultOf(Encoding.UTF8.GetBytes(text), shape);

    private static CsvFault FaultOf(byte[] file, CsvShape shape)
    {
        Assert.False(CsvTable.TryOpen(file, shape, out _, out var fault));
        return fault;
    }
}
