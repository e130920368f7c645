using System.Globalization;
using Borsellino.Marketplace;

namespace Borsellino.Web;

/// <summary>How services are taxed, in words.</summary>
public static class TaxWords
{
    public static string Letter(WelfareLetter? letter) => letter switch
    {
        WelfareLetter.F => Texts.Say("Lettera f: educazione, ricreazione, assistenza sociale e sanitaria, culto"),
        WelfareLetter.FBis => Texts.Say("Lettera f-bis: istruzione dei familiari, asili, centri estivi, mense"),
        WelfareLetter.FTer => Texts.Say("Lettera f-ter: assistenza a familiari anziani o non autosufficienti"),
        WelfareLetter.FQuater => Texts.Say("Lettera f-quater: premi per il rischio di non autosufficienza"),
        WelfareLetter.DBis => Texts.Say("Lettera d-bis: abbonamenti al trasporto pubblico"),
        WelfareLetter.C3 => Texts.Say("Comma 3: beni e servizi entro la soglia (fringe benefit)"),
        null => Texts.Say("Nessuna: le aziende non possono darlo con queste regole"),
    };

    /// <summary>"IVA 5 %", or "IVA esente (N4)".</summary>
    public static string Vat(ClassTax tax) => tax.VatRate == 0
        ? Texts.Say("Senza IVA ({0})", tax.VatNature)
        : Texts.Say("IVA {0} %", (tax.VatRate / 100m).ToString("0.##", CultureInfo.CurrentCulture));
}
