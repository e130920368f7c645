using System.Collections;
using System.Text;
using QRCoder;

namespace Borsellino.Web.Shared;

/// <summary>A text as a picture that telephones read: in a page an SVG inside its own address, on paper its squares.</summary>
public static class QrPicture
{
    private const int PixelsPerModule = 4;

    /// <summary>The width, in modules, of the white around the picture that QRCoder draws; paper is white already.</summary>
    private const int QuietZone = 4;

    public static string Of(string text)
    {
        using var data = Data(text);
        using var picture = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.GetGraphic(PixelsPerModule)));
    }

    /// <summary>Row by row, which squares are dark.</summary>
    public static IReadOnlyList<BitArray> Modules(string text)
    {
        using var data = Data(text);
        return [.. data.ModuleMatrix.Skip(QuietZone).SkipLast(QuietZone).Select(row =>
            new BitArray([.. row.Cast<bool>().Skip(QuietZone).SkipLast(QuietZone)]))];
    }

    private static QRCodeData Data(string text) => QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
}
