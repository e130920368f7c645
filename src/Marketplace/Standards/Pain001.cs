using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Xml;
using Borsellino.Ledger;
using NodaTime;

namespace Borsellino.Marketplace.Standards;

/// <summary>
/// Writes credit transfers as pain.001.001.09, the file European banks take. The same order gives the same bytes
/// on every machine, so a file can be made again and compared with the one that was sent.
/// </summary>
public static class Pain001
{
    public const string Namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    /// <summary>More lines than this belong in a second order.</summary>
    public const int LinesMax = 10_000;

    private const int IdLengthMax = 35;
    private const int NameLengthMax = 70;
    private const int TownLengthMax = 35;
    private const int TextLengthMax = 140;
    private static readonly Money AmountMax = new(99_999_999_999);

    private static readonly DateTimeZone Rome = DateTimeZoneProviders.Tzdb["Europe/Rome"];

    /// <summary>The file, or the first thing in the order that a bank would reject.</summary>
    public static bool TryWrite(
        PaymentOrder order, [NotNullWhen(true)] out byte[]? file, [NotNullWhen(false)] out PaymentFault? fault)
    {
        file = null;
        fault = FaultOf(order);
        if (fault is not null) return false;
        file = Write(order);
        return true;
    }

    private static PaymentFault? FaultOf(PaymentOrder order)
    {
        if (IdFaultOf(order.MessageId) is { } messageFault) return messageFault;
        if (PartyFaultOf(order.MessageId, order.Debtor, order.DebtorIban) is { } debtorFault) return debtorFault;
        if (order.ExecutionOn < order.CreatedAt.InZone(Rome).Date)
        {
            return new PaymentFault.ExecutionInThePast(order.ExecutionOn);
        }
        if (order.Lines.Count == 0) return new PaymentFault.NoLines();
        if (order.Lines.Count > LinesMax) return new PaymentFault.TooManyLines(order.Lines.Count, LinesMax);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in order.Lines)
        {
            if (IdFaultOf(line.EndToEndId) is { } idFault) return idFault;
            if (!seen.Add(line.EndToEndId)) return new PaymentFault.DuplicateId(line.EndToEndId);
            if (!line.Amount.IsPositive) return new PaymentFault.AmountNotPositive(line.EndToEndId, line.Amount);
            if (line.Amount > AmountMax) return new PaymentFault.AmountTooLarge(line.EndToEndId, line.Amount);
            if (PartyFaultOf(line.EndToEndId, line.Creditor, line.CreditorIban) is { } creditorFault)
            {
                return creditorFault;
            }
            if (line.Remittance is Remittance.Reference { Value.Value: "" })
            {
                return new PaymentFault.ReferenceMissing(line.EndToEndId);
            }
        }
        return null;
    }

    private static PaymentFault? IdFaultOf(string id)
    {
        if (string.IsNullOrWhiteSpace(id)) return new PaymentFault.IdMissing();
        if (id.Length > IdLengthMax) return new PaymentFault.IdTooLong(id, IdLengthMax);
        return SepaText.IsIdentifier(id) ? null : new PaymentFault.IdNotAllowed(id);
    }

    private static PaymentFault? PartyFaultOf(string id, PaymentParty party, Iban iban)
    {
        if (iban == default) return new PaymentFault.IbanMissing(id);
        if (SepaText.Of(party.Name, NameLengthMax).Length == 0) return new PaymentFault.NameMissing(id);
        if (party is { Town: null, Country: null }) return null;
        var complete = SepaText.Of(party.Town, TownLengthMax).Length > 0
            && party.Country is { Length: 2 } country && country.All(char.IsAsciiLetterUpper);
        return complete ? null : new PaymentFault.AddressIncomplete(id);
    }

    private static byte[] Write(PaymentOrder order)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            // Not the machine's own line end: the bytes must not depend on where they are made.
            NewLineChars = "\n",
        };
        using (var xml = XmlWriter.Create(bytes, settings))
        {
            xml.WriteStartElement("Document", Namespace);
            xml.WriteStartElement("CstmrCdtTrfInitn", Namespace);
            WriteHeader(xml, order);
            WriteInstruction(xml, order);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void WriteHeader(XmlWriter xml, PaymentOrder order)
    {
        var createdAt = order.CreatedAt.InZone(Rome)
            .ToString("uuuu-MM-dd'T'HH:mm:sso<+HH:mm>", CultureInfo.InvariantCulture);
        Inside(xml, "GrpHdr", () =>
        {
            Leaf(xml, "MsgId", order.MessageId);
            Leaf(xml, "CreDtTm", createdAt);
            WriteTotals(xml, order);
            Inside(xml, "InitgPty", () => Leaf(xml, "Nm", SepaText.Of(order.Debtor.Name, NameLengthMax)));
        });
    }

    private static void WriteInstruction(XmlWriter xml, PaymentOrder order) => Inside(xml, "PmtInf", () =>
    {
        // One instruction for each message, so both bear one name: a statement that quotes either finds the order.
        Leaf(xml, "PmtInfId", order.MessageId);
        Leaf(xml, "PmtMtd", "TRF");
        Leaf(xml, "BtchBookg", "true");
        WriteTotals(xml, order);
        Inside(xml, "PmtTpInf", () => Inside(xml, "SvcLvl", () => Leaf(xml, "Cd", "SEPA")));
        Inside(xml, "ReqdExctnDt",
            () => Leaf(xml, "Dt", order.ExecutionOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)));
        WriteParty(xml, "Dbtr", order.Debtor);
        WriteAccount(xml, "DbtrAcct", order.DebtorIban);
        Inside(xml, "DbtrAgt", () => Inside(xml, "FinInstnId",
            () => Inside(xml, "Othr", () => Leaf(xml, "Id", "NOTPROVIDED"))));
        Leaf(xml, "ChrgBr", "SLEV");
        for (var i = 0; i < order.Lines.Count; i++) WriteLine(xml, i + 1, order.Lines[i]);
    });

    private static void WriteTotals(XmlWriter xml, PaymentOrder order)
    {
        Leaf(xml, "NbOfTxs", order.Lines.Count.ToString(CultureInfo.InvariantCulture));
        Leaf(xml, "CtrlSum", order.Lines.Sum(line => line.Amount).ToString());
    }

    private static void WriteLine(XmlWriter xml, int number, PaymentLine line) => Inside(xml, "CdtTrfTxInf", () =>
    {
        Inside(xml, "PmtId", () =>
        {
            Leaf(xml, "InstrId", number.ToString(CultureInfo.InvariantCulture));
            Leaf(xml, "EndToEndId", line.EndToEndId);
        });
        Inside(xml, "Amt", () =>
        {
            xml.WriteStartElement("InstdAmt", Namespace);
            xml.WriteAttributeString("Ccy", "EUR");
            xml.WriteString(line.Amount.ToString());
            xml.WriteEndElement();
        });
        WriteParty(xml, "Cdtr", line.Creditor);
        WriteAccount(xml, "CdtrAcct", line.CreditorIban);
        WriteRemittance(xml, line.Remittance);
    });

    private static void WriteParty(XmlWriter xml, string role, PaymentParty party) => Inside(xml, role, () =>
    {
        Leaf(xml, "Nm", SepaText.Of(party.Name, NameLengthMax));
        if (party is not { Town: { } town, Country: { } country }) return;
        Inside(xml, "PstlAdr", () =>
        {
            Leaf(xml, "TwnNm", SepaText.Of(town, TownLengthMax));
            Leaf(xml, "Ctry", country);
        });
    });

    private static void WriteAccount(XmlWriter xml, string role, Iban iban) =>
        Inside(xml, role, () => Inside(xml, "Id", () => Leaf(xml, "IBAN", iban.Value)));

    private static void WriteRemittance(XmlWriter xml, Remittance? remittance)
    {
        if (remittance is Remittance.Reference { Value: var reference })
        {
            Inside(xml, "RmtInf", () => Inside(xml, "Strd", () => Inside(xml, "CdtrRefInf", () =>
            {
                Inside(xml, "Tp", () =>
                {
                    Inside(xml, "CdOrPrtry", () => Leaf(xml, "Cd", "SCOR"));
                    Leaf(xml, "Issr", "ISO");
                });
                Leaf(xml, "Ref", reference.Value);
            })));
        }
        else if (remittance is Remittance.FreeText { Text: var text }
            && SepaText.Of(text, TextLengthMax) is { Length: > 0 } plain)
        {
            Inside(xml, "RmtInf", () => Leaf(xml, "Ustrd", plain));
        }
    }

    private static void Inside(XmlWriter xml, string element, Action content)
    {
        xml.WriteStartElement(element, Namespace);
        content();
        xml.WriteEndElement();
    }

    private static void Leaf(XmlWriter xml, string element, string text) =>
        xml.WriteElementString(element, Namespace, text);
}

/// <summary>Why a payment order would be rejected by a bank. The id says which line, or the order itself.</summary>
public abstract record PaymentFault : Fault
{
    private PaymentFault(string code) : base(code)
    {
    }

    public sealed record NoLines() : PaymentFault("payment_no_lines");
    public sealed record TooManyLines(int Found, int Max) : PaymentFault("payment_too_many_lines");
    public sealed record ExecutionInThePast(LocalDate ExecutionOn) : PaymentFault("payment_execution_in_the_past");
    public sealed record IdMissing() : PaymentFault("payment_id_missing");
    public sealed record IdTooLong(string Id, int Max) : PaymentFault("payment_id_too_long");
    public sealed record IdNotAllowed(string Id) : PaymentFault("payment_id_not_allowed");
    public sealed record DuplicateId(string Id) : PaymentFault("payment_duplicate_id");
    public sealed record AmountNotPositive(string Id, Money Amount) : PaymentFault("payment_amount_not_positive");
    public sealed record AmountTooLarge(string Id, Money Amount) : PaymentFault("payment_amount_too_large");
    public sealed record IbanMissing(string Id) : PaymentFault("payment_iban_missing");
    public sealed record NameMissing(string Id) : PaymentFault("payment_name_missing");
    public sealed record AddressIncomplete(string Id) : PaymentFault("payment_address_incomplete");
    public sealed record ReferenceMissing(string Id) : PaymentFault("payment_reference_missing");
}
