using System.Text;
using QRCoder;

namespace Borsellino.Web.Shared;

/// <summary>A text as a picture that telephones read, to stand in a page: an SVG inside its own address.</summary>
public static class QrPicture
{
    private const int PixelsPerModule = 4;

    public static string Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.GetGraphic(PixelsPerModule)));
    }
}
