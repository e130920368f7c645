using Borsellino.Ledger;
using Borsellino.Tests.World;
using Dapper;
using Npgsql;

namespace Borsellino.Tests.Finance;

/// <summary>Goal: what the program refuses, the database refuses too, also to whoever owns the tables.</summary>
public sealed class PayoutGuardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string, string> Wrongs => new()
    {
        { "payout_four_eyes", "update marketplace.payout set status = 'Authorised', authorised_by = prepared_by, authorised_at = now(), account_id = @account where id = @payout" },
        { "payout_authorised", "update marketplace.payout set status = 'Authorised' where id = @payout" },
        { "payout_moves_forward", "update marketplace.payout set status = 'Sent' where id = @payout" },
        { "payout_fixed", "update marketplace.payout set total = total + 1 where id = @payout" },
        { "payout_fixed", "update marketplace.payout set prepared_by = @bruno where id = @payout" },
        { "payout_fixed", "update marketplace.payout set debtor_iban = 'IT60X0542811101000000123456', debtor_name = 'Altri' where id = @payout" },
        { "payout_foots", "update marketplace.payout_line set amount = amount + 1 where payout_id = @payout; update marketplace.payout set status = 'Authorised', authorised_by = @bruno, authorised_at = now(), account_id = @account where id = @payout" },
        { "payout_foots", "update marketplace.payout_booking set released_at = now() where payout_id = @payout; update marketplace.payout set status = 'Authorised', authorised_by = @bruno, authorised_at = now(), account_id = @account where id = @payout" },
        { "payout_booking_once", "update marketplace.payout_booking set released_at = null where payout_id = @withdrawn" },
        { "payout_is_locked", "insert into marketplace.payout_line select territory_id, @signed, 9, provider_id, amount, 'X', creditor_name, creditor_iban from marketplace.payout_line where payout_id = @payout" },
        { "payout_line_territory_id_end_to_end_id_key", "insert into marketplace.payout_line select territory_id, payout_id, 9, @other, amount, end_to_end_id, creditor_name, creditor_iban from marketplace.payout_line where payout_id = @payout" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task The_database_refuses(string constraint, string sql)
    {
        var town = await FinanceTown.OpenAsync(database);
        var (alfa, beta) = (await town.ProviderAsync("Alfa"), await town.ProviderAsync("Beta"));
        await town.SettleAsync(beta, 700);
        var signed = await town.AuthorisedAsync();
        await town.SettleAsync(alfa, 100);
        var withdrawn = await town.PreparedAsync();
        await town.Payouts.WithdrawAsync(town.Territory, withdrawn, town.Anna);
        var payout = await town.PreparedAsync();

        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        var wrong = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(sql, new
        {
            payout = payout.Value, signed = signed.Value, withdrawn = withdrawn.Value, bruno = town.Bruno.Value,
            account = town.GrantAccount.Value, other = beta.Id.Value,
        }));

        Assert.Equal(constraint, wrong.ConstraintName);
    }

    [Theory]
    [InlineData("update marketplace.payout_line set amount = 1")]
    [InlineData("update marketplace.payout set total = 1")]
    [InlineData("delete from marketplace.payout_booking")]
    [InlineData("delete from marketplace.payout")]
    [InlineData("insert into marketplace.bank_holiday (valid_from, month, day) values ('2026-01-01', 1, 2)")]
    public async Task The_application_may_not(string sql)
    {
        var town = await FinanceTown.OpenAsync(database);

        var wrong = await Assert.ThrowsAsync<PostgresException>(() => town.DoAsync<Done>(async tx =>
        {
            await tx.ExecuteAsync(sql);
            return default(Done);
        }));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, wrong.SqlState);
    }
}
