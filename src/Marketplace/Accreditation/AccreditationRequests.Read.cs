using Borsellino.Ledger;

namespace Borsellino.Marketplace;

/// <summary>What was asked for and shown.</summary>
public sealed partial class AccreditationRequests
{
    private const int RowsMax = 200;

    private const string SelectDocuments =
        """
        select id, code, file_name, type, length(content) as length, valid_to, added_at from marketplace.accreditation_document
        where territory_id = @territory and request_id = @id order by added_at, code, id
        """;

    /// <summary>All that a provider asked for, the newest first; at most two hundred.</summary>
    public Task<List<AccreditationRequest>> OfProviderAsync(TerritoryId territory, Id<Provider> provider, CancellationToken cancel = default) =>
        db.ListAsync<AccreditationRequest>(
            territory, $"{Select} and r.provider_id = @provider order by r.submitted_at desc, r.id limit {RowsMax}", new { provider }, cancel);

    /// <summary>What is not decided: first what waits for the office, the longest waiting first; at most two hundred.</summary>
    public Task<List<AccreditationRequest>> OpenAsync(TerritoryId territory, CancellationToken cancel = default) =>
        db.ListAsync<AccreditationRequest>(
            territory, $"{Select} and r.status in ('Submitted', 'Incomplete') order by r.status desc, r.moved_at, r.id limit {RowsMax}", null, cancel);

    /// <summary>One request with its documents and steps; null when there is none, or it is not of the provider that asks.</summary>
    /// <param name="provider">Whose it must be; null for the office.</param>
    public Task<RequestFile?> FindAsync(TerritoryId territory, Id<AccreditationRequest> id, Id<Provider>? provider = null, CancellationToken cancel = default) =>
        db.ReadFrozenAsync(territory, async tx =>
        {
            if (await FindAsync(tx, id) is not { } request || (provider is { } whose && request.ProviderId != whose)) return null;
            var notes = await tx.ListAsync<AccreditationNote>(
                """
                select at, step, note from marketplace.accreditation_note
                where territory_id = @territory and (request_id = @id or accreditation_id = @AccreditationId) order by at, id
                """, new { id, request.AccreditationId });
            var required = await RequiredDocuments.ForAsync(tx, request.ClassCode, request.SubmittedAt.InZone(ClockExtensions.Rome).Date);
            return new RequestFile(request, await DocumentsAsync(tx, id), notes, required);
        }, cancel);

    /// <summary>The content of a document of a request, and what it is; null when there is none, or the request is not of the provider that asks.</summary>
    /// <param name="provider">Whose it must be; null for the office.</param>
    public async Task<(DocumentType Type, byte[] Content)?> ContentAsync(
        TerritoryId territory, Id<AccreditationRequest> request, Id<AccreditationDocument> id, Id<Provider>? provider = null, CancellationToken cancel = default)
    {
        var file = await db.FindAsync<Content>(
            territory,
            """
            select d.type, d.content as bytes from marketplace.accreditation_document d
            join marketplace.accreditation_request r on r.territory_id = @territory and r.id = d.request_id
            where d.territory_id = @territory and d.id = @id and d.request_id = @request and (@provider::uuid is null or r.provider_id = @provider)
            """, new { id, request, provider }, cancel);
        return file is null ? null : (file.Type, file.Bytes);
    }

    private sealed record Content(DocumentType Type, byte[] Bytes);
}
