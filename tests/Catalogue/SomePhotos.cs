using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Borsellino.Tests.Catalogue;

/// <summary>Pictures drawn for tests, and files that only pretend to be some.</summary>
internal static class SomePhotos
{
    public const string Camera = "BORSELLINO-CAMERA";

    public static readonly SKColor TopLeft = SKColors.Red, TopRight = SKColors.Green, BottomLeft = SKColors.Blue, BottomRight = SKColors.Yellow;

    /// <summary>Four quarters of four colours.</summary>
    public static byte[] Quarters(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        foreach (var (colour, x, y) in new[] { (TopLeft, 0, 0), (TopRight, 1, 0), (BottomLeft, 0, 1), (BottomRight, 1, 1) })
        {
            using var paint = new SKPaint { Color = colour };
            canvas.DrawRect(x * width / 2f, y * height / 2f, width / 2f, height / 2f, paint);
        }

        canvas.Flush();
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A PNG of nothing but glass.</summary>
    public static byte[] Glass(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Transparent);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The JPEG with what a telephone writes into it: how it was held, its make, and that it was taken north of the equator.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation)
    {
        var tiff = new MemoryStream();
        Write("II"u8, Two(42), Four(8));
        Write(Two(3));
        Write(Two(0x010F), Two(2), Four(Camera.Length + 1), Four(50));
        Write(Two(0x0112), Two(3), Four(1), Two(orientation), Two(0));
        Write(Two(0x8825), Two(4), Four(1), Four(50 + Camera.Length + 1));
        Write(Four(0));
        Write(Encoding.ASCII.GetBytes(Camera), [0]);
        Write(Two(1));
        Write(Two(0x0001), Two(2), Four(2), "N\0\0\0"u8);
        Write(Four(0));
        byte[] body = [.. "Exif\0\0"u8, .. tiff.ToArray()];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(body.Length + 2));
        return [.. jpeg[..2], 0xFF, 0xE1, .. length, .. body, .. jpeg[2..]];

        void Write(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default, ReadOnlySpan<byte> d = default, ReadOnlySpan<byte> e = default)
        {
            tiff.Write(a);
            tiff.Write(b);
            tiff.Write(c);
            tiff.Write(d);
            tiff.Write(e);
        }
    }

    /// <summary>The JPEG whose header says another size.</summary>
    public static byte[] Claiming(byte[] jpeg, ushort width, ushort height)
    {
        var claiming = jpeg.ToArray();
        var frame = claiming.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        BinaryPrimitives.WriteUInt16BigEndian(claiming.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(claiming.AsSpan(frame + 7), width);
        return claiming;
    }

    public static readonly byte[] Svg = Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>");

    private static byte[] Two(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] Four(int value) => BitConverter.GetBytes(value);
}
