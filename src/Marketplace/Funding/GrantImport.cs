using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a list of grants stands, from the upload to money in the purses.</summary>
public enum GrantImportStatus
{
    /// <summary>Rows are being judged, chunk by chunk.</summary>
    Checking,

    /// <summary>Every row has its verdict; nothing is promised yet.</summary>
    Checked,

    /// <summary>The file as a whole is no list.</summary>
    Unreadable,

    /// <summary>A second person is asked; the money is kept for it.</summary>
    Requested,

    /// <summary>A second person said yes; rows are being posted, chunk by chunk.</summary>
    Approved,
    Posted,
    Rejected,
    Withdrawn,

    /// <summary>What is unspent is being taken back.</summary>
    Undoing,
    Undone,
}

/// <summary>A list of grants from a file. The file itself is kept and read only by the check.</summary>
/// <param name="RowsDone">Rows judged while checking, grants made while posting.</param>
/// <param name="AmountGood">The sum of the good rows; while posting and after, without those refused meanwhile.</param>
public sealed record GrantImport(
    Id<GrantImport> Id, Id<Programme> ProgrammeId, string ProgrammeIt, string ProgrammeEn, string ProgrammeCode, string FileName,
    int FileBytes, GrantImportStatus Status, string? FaultCode, string? FaultDetail, int RowsTotal, int RowsDone, int RowsGood,
    Money AmountGood, Money AmountPosted, Id<User> UploadedBy, Instant UploadedAt, Instant? CheckedAt, Id<User>? RequestedBy,
    Instant? RequestedAt, Id<User>? DecidedBy, Instant? DecidedAt, string? DecisionNote, Instant? PostingStartedAt, Instant? PostedAt,
    Id<User>? UndoBy, Instant? UndoneAt) : IIdentified
{
    public const int BytesMax = 10 * 1024 * 1024;
    public const int FileNameMax = 200;
    public const int NoteMax = 300;

    public static readonly Duration UndoFor = Duration.FromHours(24);

    public static string Prefix => "import";

    /// <summary>Rows with a fault, as far as they are judged.</summary>
    public int RowsBad => (Status is GrantImportStatus.Checking ? RowsDone : RowsTotal) - RowsGood;

    /// <summary>Until when the list can be taken back; null before it is posted.</summary>
    public Instant? UndoUntil => PostedAt + UndoFor;

    /// <summary>What the fault sentence needs, part by part.</summary>
    public IReadOnlyList<string> FaultDetails => VerdictDetail.Split(FaultDetail);

    /// <summary>Whether this person may decide: neither the uploader nor the one who asked.</summary>
    public bool MayBeDecidedBy(Id<User> user) => user != UploadedBy && user != RequestedBy;

    internal const string Select =
        """
        select i.id, i.programme_id, p.name_it as programme_it, p.name_en as programme_en, p.code as programme_code, i.file_name,
               length(i.content) as file_bytes, i.status, i.fault_code, i.fault_detail, i.rows_total, i.rows_done, i.rows_good,
               i.amount_good, i.amount_posted, i.uploaded_by, i.uploaded_at, i.checked_at, i.requested_by, i.requested_at,
               i.decided_by, i.decided_at, i.decision_note, i.posting_started_at, i.posted_at, i.undo_by, i.undone_at
        from marketplace.grant_import i
        join marketplace.programme p on p.territory_id = @territory and p.id = i.programme_id
        where i.territory_id = @territory
        """;
}
