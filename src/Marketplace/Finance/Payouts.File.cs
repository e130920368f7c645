using System.Security.Cryptography;
using Borsellino.Ledger;
using Borsellino.Marketplace.Standards;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>The file a bank takes, as pain.001.001.09.</summary>
public sealed record PayoutFile(string Name, byte[] Content, string Sha256);

public sealed partial class Payouts
{
    /// <summary>
    /// The file of a signed payout, the same bytes every time. The first call marks it as sent, with who took it and
    /// when. Refused before it is signed.
    /// </summary>
    public Task<Result<PayoutFile>> FileAsync(
        TerritoryId territory, Id<Payout> id, Id<User> by, CancellationToken cancel = default) =>
        db.TransactAsync<PayoutFile>(territory, async tx =>
        {
            if (await LockAsync(tx, id) is not { } payout) return new PayoutNotFound(id);
            if (payout.AuthorisedAt is not { } authorisedAt) return new PayoutNotReady(id, payout.Status);
            if (!Pain001.TryWrite(Order(payout, await LinesAsync(tx, id), authorisedAt), out var content, out var fault))
            {
                return new PayoutFileFaulty(fault);
            }

            var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            if (payout.FileSha256 is { } before && before != sha256)
            {
                throw new InvalidOperationException($"The file of {payout.Reference} is not the one that was handed out before.");
            }

            if (payout.SentAt is null)
            {
                await tx.ExecuteAsync(
                    """
                    update marketplace.payout set status = 'Sent', sent_by = @by, sent_at = @now, file_sha256 = @sha256
                    where territory_id = @territory and id = @id
                    """, new { id, by, now = clock.Now, sha256 });
            }

            return new PayoutFile($"{payout.Reference}.xml", content, sha256);
        }, cancel);

    /// <summary>The payout in a bank's words: all of it was written down when it was prepared or signed.</summary>
    private static PaymentOrder Order(Payout payout, IEnumerable<PayoutLine> lines, Instant createdAt) => new(
        payout.Reference, createdAt, payout.ExecutionOn, new(payout.DebtorName, payout.DebtorTown, "IT"),
        Iban.Parse(payout.DebtorIban),
        [
            // The reference repeats the transfer's id in a form that bookkeeping software checks and matches by itself.
            .. lines.Select(line => new PaymentLine(
                line.EndToEndId, line.Amount, new(line.CreditorName), Iban.Parse(line.CreditorIban),
                new Remittance.Reference(CreditorReference.Create(line.EndToEndId.Replace("-", "", StringComparison.Ordinal))))),
        ]);
}
