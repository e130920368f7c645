using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace;

/// <summary>Where a request stands. A submitted one waits for the office, an incomplete one for the provider; the others are over.</summary>
public enum RequestStatus
{
    Submitted,
    Incomplete,
    Granted,
    Refused,
    Withdrawn,
}

/// <summary>What either side did to a request or an accreditation.</summary>
public enum AccreditationStep
{
    Submitted,

    /// <summary>The provider added documents, or answered.</summary>
    Completed,

    /// <summary>The office needs something else.</summary>
    MoreAsked,
    Granted,
    Refused,
    Withdrawn,
    Suspended,
    Reinstated,
    Revoked,
}

/// <summary>A provider asks to serve a class, from one day to another, both included.</summary>
/// <param name="MovedAt">Since when it stands where it stands.</param>
/// <param name="AccreditationId">What it became, when it was granted.</param>
public sealed record AccreditationRequest(
    Id<AccreditationRequest> Id, Id<Provider> ProviderId, string Provider, string ClassCode, string NameIt, string NameEn, LocalDate WantedFrom,
    LocalDate WantedTo, RequestStatus Status, Instant SubmittedAt, Instant MovedAt, Id<Accreditation>? AccreditationId) : IIdentified
{
    public static string Prefix => "accreq";

    public bool IsOpen => Status is RequestStatus.Submitted or RequestStatus.Incomplete;
}

/// <summary>One document that was shown with a request, without its content.</summary>
/// <param name="Code">Which of the required ones it is; <see cref="RequiredDocuments.Other"/> for another.</param>
/// <param name="ValidTo">The last day on which it holds, as the provider says; null for one without an end.</param>
public sealed record AccreditationDocument(
    Id<AccreditationDocument> Id, string Code, string FileName, DocumentType Type, int Length, LocalDate? ValidTo, Instant AddedAt) : IIdentified
{
    public static string Prefix => "accdoc";
}

/// <summary>A document about to be shown.</summary>
public sealed record NewDocument(Id<AccreditationDocument> Id, string Code, string FileName, byte[] Content, LocalDate? ValidTo);

/// <summary>A step with its date. Both sides read it.</summary>
/// <param name="Note">What was written with it; empty for nothing.</param>
public sealed record AccreditationNote(Instant At, AccreditationStep Step, string Note);

/// <summary>A request with all that was shown and said.</summary>
public sealed record RequestFile(
    AccreditationRequest Request, IReadOnlyList<AccreditationDocument> Documents, IReadOnlyList<AccreditationNote> Notes, IReadOnlyList<RequiredDocument> Required);

/// <summary>A request about to be made. The id is made with the form, so that sending it twice asks once.</summary>
/// <param name="Note">At most <see cref="AccreditationRequests.NoteMax"/> characters.</param>
public sealed record NewAccreditationRequest(
    Id<AccreditationRequest> Id, string ClassCode, LocalDate From, LocalDate To, string Note, IReadOnlyList<NewDocument> Documents);

public sealed record RequestNotFound(Id<AccreditationRequest> Id) : Refusal("accreditation_request_not_found");

public sealed record RequestIdReused(Id<AccreditationRequest> Id) : Refusal("accreditation_request_id_reused");

/// <summary>The request stands where this step does not apply.</summary>
public sealed record RequestIs(Id<AccreditationRequest> Id, RequestStatus Status) : Refusal("accreditation_request_is");

/// <summary>The provider has asked for this class already, and that is not decided.</summary>
public sealed record RequestWaits(Id<AccreditationRequest> Other) : FieldRefusal("accreditation_request_waits", "class");

/// <summary>The days begin in the past, end before they begin, or are too many.</summary>
public sealed record AccreditationDaysWrong(int YearsMax) : FieldRefusal("accreditation_days_wrong", "from");

/// <summary>A required document is not there.</summary>
public sealed record DocumentMissing(string DocumentCode, string NameIt, string NameEn) : FieldRefusal("document_missing", DocumentCode);

/// <summary>A document must say until when it holds, and that is today or later.</summary>
public sealed record DocumentEndWrong(string DocumentCode) : FieldRefusal("document_end_wrong", DocumentCode);

/// <summary>A file that is no PDF, JPEG or PNG, whatever its name says.</summary>
public sealed record DocumentTypeUnknown(string DocumentCode) : FieldRefusal("document_type_unknown", DocumentCode);

public sealed record DocumentTooLarge(string DocumentCode, int BytesMax) : FieldRefusal("document_too_large", DocumentCode);

public sealed record TooManyDocuments(int Max) : Refusal("too_many_documents");
