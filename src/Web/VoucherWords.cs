using Borsellino.Marketplace;
using Borsellino.Web.Shared;

namespace Borsellino.Web;

/// <summary>How pages speak of vouchers.</summary>
public static class VoucherWords
{
    public static string State(VoucherState state) => state switch
    {
        VoucherState.Issued => Texts.Say("Da confermare"),
        VoucherState.Active => Texts.Say("Valido"),
        VoucherState.Used => Texts.Say("Usato"),
        VoucherState.Cancelled => Texts.Say("Non vale più"),
        VoucherState.Expired => Texts.Say("Scaduto"),
    };

    public static Tone ToneOf(VoucherState state) => state switch
    {
        VoucherState.Issued => Tone.Wait,
        VoucherState.Active => Tone.Info,
        VoucherState.Used => Tone.Ok,
        VoucherState.Cancelled or VoucherState.Expired => Tone.Quiet,
    };

    public static string How(Attendance how) => how switch
    {
        Attendance.Voucher => Texts.Say("con numero e PIN"),
        Attendance.List => Texts.Say("dall’elenco del giorno"),
        Attendance.Signature => Texts.Say("con una firma sul telefono"),
    };

    /// <summary>A PIN in two groups, as it is read aloud.</summary>
    public static string Pin(string pin) => $"{pin[..3]}\u00A0{pin[3..]}";
}
