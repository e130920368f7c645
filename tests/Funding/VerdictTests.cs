using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Tests.Funding;

/// <summary>Every verdict a row can get, and every form a file may have.</summary>
public sealed class VerdictTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string Good = Town.TaxCodeOf(1);

    [Theory]
    [InlineData(";Maria;Rossi;Tradate;2;100", "tax_code_empty codice_fiscale")]
    [InlineData("RSSMRA;Maria;Rossi;Tradate;2;100", "tax_code_wrong_length codice_fiscale 6")]
    [InlineData("1SSMRA80A01L319Z;Maria;Rossi;Tradate;2;100", "tax_code_wrong_character codice_fiscale 1,1,letter")]
    [InlineData("RSSMRA80Y01L319Z;Maria;Rossi;Tradate;2;100", "tax_code_impossible_month codice_fiscale Y")]
    [InlineData("RSSMRA80A32L319Z;Maria;Rossi;Tradate;2;100", "tax_code_impossible_day codice_fiscale 32,1")]
    [InlineData("00000000000;Maria;Rossi;Tradate;2;100", "tax_code_all_zeros codice_fiscale")]
    [InlineData("12345678901;Maria;Rossi;Tradate;2;100", "tax_code_wrong_check_digit codice_fiscale 1,3")]
    [InlineData("{0};;Rossi;Tradate;2;100", "name_missing nome")]
    [InlineData("{0};Maria;;Tradate;2;100", "name_missing cognome")]
    [InlineData("{0};Maria;Rossi;;2;100", "municipality_missing comune")]
    [InlineData("{0};Maria;Rossi;Varese;2;100", "municipality_unknown comune")]
    [InlineData("{0};Maria;Rossi;Tradate;;100", "band_missing fascia_isee")]
    [InlineData("{0};Maria;Rossi;Tradate;bassa;100", "band_unreadable fascia_isee")]
    [InlineData("{0};Maria;Rossi;Tradate;7;100", "band_not_admitted fascia_isee 1, 2, 3")]
    [InlineData("{0};Maria;Rossi;Tradate;2;", "amount_empty importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;cento", "amount_not_a_number importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;24O,00", "amount_letter_for_digit importo O,0")]
    [InlineData("{0};Maria;Rossi;Tradate;2;1,2345", "amount_too_many_decimals importo 4")]
    [InlineData("{0};Maria;Rossi;Tradate;2;\"1,234\"", "amount_ambiguous importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;-10", "amount_negative importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;0,00", "amount_zero importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;2000000", "amount_too_large importo")]
    [InlineData("{0};Maria;Rossi;Tradate;2;300,01", "amount_over_band importo 2,30000")]
    [InlineData("{0};Maria;Rossi;Tradate;2;100;troppo", "row_too_wide")]
    [InlineData("{0};Maria;Rossi;TRADATE (VA);Fascia II;300,00", "good")]
    [InlineData("{0};Maria;Rossi;cavaria d olona;1ª;€ 400", "good")]
    [InlineData("{0};Maria;Rossi;L319;iii;200.00", "good")]
    public async Task A_row_is_judged_by_itself(string row, string verdict)
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(row.Replace("{0}", Good, StringComparison.Ordinal));
        Assert.Equal([verdict], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task A_wrong_check_letter_names_the_right_one()
    {
        var town = await Town.FoundAsync(database);
        var wrong = Good[..15] + (Good[15] == 'A' ? 'B' : 'A');
        var import = await town.CheckedAsync(Town.Row(1).Replace(Good, wrong, StringComparison.Ordinal));
        Assert.Equal([$"tax_code_wrong_check_letter codice_fiscale {wrong[15]},{Good[15]}"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task A_long_name_is_refused()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync($"{Good};{new string('a', 81)};Rossi;Tradate;2;100");
        Assert.Equal(["name_too_long nome 80"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task A_double_row_names_the_first_good_one()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(Town.Row(1, amount: "x"), Town.Row(1), Town.Row(2), Town.Row(1).ToLowerInvariant());
        Assert.Equal(["amount_not_a_number importo", "good", "good", "double_row codice_fiscale 3"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task Two_people_of_one_household_get_one_grant()
    {
        var town = await Town.FoundAsync(database);
        await town.DoAsync(async tx =>
        {
            var one = await Households.RegisterAsync(tx, [new(Town.TaxCodeOf(1), "Maria", "Rossi", "L319", 2)], town.Clock.Now);
            var other = Id<Person>.New();
            await tx.ExecuteAsync(
                """
                insert into marketplace.person (territory_id, id, tax_code, first_name, last_name, municipality_code)
                values (@territory, @other, @code, 'Luca', 'Rossi', 'L319');
                insert into marketplace.household_member (territory_id, household_id, person_id, relation)
                values (@territory, @household, @other, 'Spouse')
                """, new { other, code = Town.TaxCodeOf(2), household = one[Town.TaxCodeOf(1)].Household });
        });
        var import = await town.CheckedAsync(Town.Row(2), Town.Row(1));
        Assert.Equal(["good", "same_household codice_fiscale 2"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task A_household_that_has_the_programmes_grant_gets_no_second_one()
    {
        var town = await Town.FoundAsync(database);
        await town.PostedAsync(Town.Row(1, "120,00"));
        var import = await town.CheckedAsync(Town.Row(1), Town.Row(2));
        Assert.Equal(["already_granted codice_fiscale 12000,2026-01-15", "good"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task A_person_on_another_list_that_waits_is_said_so()
    {
        var town = await Town.FoundAsync(database);
        await town.RequestedAsync(Town.Row(9), Town.Row(1));
        var import = await town.CheckedAsync(Town.Row(1), Town.Row(2));
        Assert.Equal(["already_listed codice_fiscale elenco.csv,3", "good"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task The_budget_is_used_in_the_order_of_the_file()
    {
        var town = await Town.FoundAsync(database, budget: 250);
        var import = await town.CheckedAsync(Town.Row(1), Town.Row(2), Town.Row(3), Town.Row(4, "10,00"));
        Assert.Equal(["good", "good", "over_budget importo 5000", "over_budget importo 5000"], await town.VerdictsAsync(import));
    }

    [Fact]
    public async Task What_other_lists_were_promised_is_no_budget_any_more()
    {
        var town = await Town.FoundAsync(database, budget: 250);
        await town.RequestedAsync(Town.Row(1), Town.Row(2));
        var import = await town.CheckedAsync(Town.Row(3));
        Assert.Equal(["over_budget importo 5000"], await town.VerdictsAsync(import));

        await town.CommitAsync(50);
        (await town.Imports.CheckAgainAsync(town.Territory, import)).OrThrow();
        await town.Imports.WorkThroughAsync(town.Territory);
        Assert.Equal(["good"], await town.VerdictsAsync(import));
    }

    /// <summary>Encodings × delimiters × orders of columns, each with an accent and a line break between quotation marks.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_list_may_come_in_any_form(string encoding, char delimiter, int rotation)
    {
        var town = await Town.FoundAsync(database);
        string[] names = ["codice_fiscale", "nome", "cognome", "comune", "fascia_isee", "importo"];
        string[] cells = [Good, "\"Mar\u00eca\r\nTeresa\"", "D'Al\u00f2", "c\u00e0varia d'olona", "2", delimiter == ',' ? "\"1.2,50\"".Replace("1.2", "12", StringComparison.Ordinal) : "12,50"];
        string Line(string[] line) => string.Join(delimiter, line[rotation..].Concat(line[..rotation]));
        var text = Line(names) + "\r\n" + Line(cells) + "\r\n";
        byte[] file = encoding switch
        {
            "utf-8-bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
            "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };

        var import = await town.UploadAsync(file);
        await town.Imports.WorkThroughAsync(town.Territory);
        Assert.Equal(["good"], await town.VerdictsAsync(import));
        var row = (await town.RowsAsync(import))[0];
        Assert.Equal(("Mar\u00eca Teresa", "D'Al\u00f2", new Money(1250)), (row.FirstName, row.LastName, row.Amount!.Value));
    }

    public static TheoryData<string, char, int> Forms()
    {
        var forms = new TheoryData<string, char, int>();
        foreach (var encoding in new[] { "utf-8", "utf-8-bom", "windows-1252" })
        {
            foreach (var delimiter in new[] { ';', ',', '\t' })
            {
                for (var rotation = 0; rotation < 6; rotation++) forms.Add(encoding, delimiter, rotation);
            }
        }

        return forms;
    }

    [Theory]
    [InlineData("", "csv_empty")]
    [InlineData("codice_fiscale;nome;cognome;comune;fascia_isee;importo\r\n", "csv_no_rows")]
    [InlineData("codice_fiscale;nome;cognome\r\na;b;c\r\n", "csv_missing_columns")]
    [InlineData("codice_fiscale;nome;nome;cognome;comune;fascia_isee;importo\r\na;b;c;d;e;f;g\r\n", "csv_duplicate_columns")]
    [InlineData("codice_fiscale;nome;cognome;comune;fascia_isee;importo\r\na;\"b;c;d;e;f\r\n", "csv_unclosed_quote")]
    [InlineData("PK\u0003\u0004rest", "csv_workbook")]
    public async Task A_file_that_is_no_list_says_why_as_a_whole(string text, string fault)
    {
        var town = await Town.FoundAsync(database);
        var import = await town.UploadAsync(Encoding.UTF8.GetBytes(text));
        await town.Imports.WorkThroughAsync(town.Territory);
        var read = await town.ImportAsync(import);
        Assert.Equal((GrantImportStatus.Unreadable, fault), (read.Status, read.FaultCode));
        Assert.Empty(await town.RowsAsync(import));
    }

    [Fact]
    public async Task Refused_rows_come_back_as_they_were_with_number_and_reason()
    {
        var town = await Town.FoundAsync(database);
        var file = Encoding.UTF8.GetBytes(
            $"note;{Town.Header}\r\nprima;{Town.Row(1)}\r\n\r\n\"a;b\";{Town.Row(2, amount: "24O,00")}\r\n=cmd;{Town.Row(1)}\r\n");
        var import = await town.UploadAsync(file);
        await town.Imports.WorkThroughAsync(town.Territory);
        var csv = await town.Rows.RejectedCsvAsync(town.Territory, import, "riga", "motivo", v => $"{v.Code}!");
        Assert.Equal(
            $"note;{Town.Header};riga;motivo\r\n\"a;b\";{Town.Row(2, amount: "24O,00")};4;amount_letter_for_digit!\r\n'=cmd;{Town.Row(1)};5;double_row!\r\n",
            Encoding.UTF8.GetString(csv.AsSpan(3)));
    }

    [Fact]
    public async Task Pages_find_rows_by_number_code_name_and_reason()
    {
        var town = await Town.FoundAsync(database);
        var import = await town.CheckedAsync(
            Town.Row(1), Town.Row(2, amount: "x"), Town.Row(3, municipality: "Varese").Replace("Maria", "Niccolò", StringComparison.Ordinal));
        async Task<string> FindAsync(GrantRowFilter filter, VerdictGroup? group, string search) => string.Join(
            ",", (await town.Rows.PageAsync(town.Territory, import, filter, group, search, 1)).Rows.Select(r => r.RowNumber));

        Assert.Equal("3,4", await FindAsync(GrantRowFilter.Bad, null, ""));
        Assert.Equal("2", await FindAsync(GrantRowFilter.Good, null, ""));
        Assert.Equal("3", await FindAsync(GrantRowFilter.Bad, VerdictGroup.Amount, ""));
        Assert.Equal("4", await FindAsync(GrantRowFilter.All, null, "niccolo ROSSI"));
        Assert.Equal("4", await FindAsync(GrantRowFilter.All, null, "4"));
        Assert.Equal("2", await FindAsync(GrantRowFilter.All, null, Town.TaxCodeOf(1).ToLowerInvariant()));
        Assert.Equal("", await FindAsync(GrantRowFilter.All, null, "%"));
        Assert.Equal(["amount_not_a_number", "municipality_unknown"], (await town.Rows.VerdictsAsync(town.Territory, import)).Select(v => v.Code));
    }
}
