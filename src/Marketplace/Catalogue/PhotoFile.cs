using System.Security.Cryptography;
using Borsellino.Ledger;
using SkiaSharp;

namespace Borsellino.Marketplace;

/// <summary>Two pictures drawn anew from a file that somebody sent: of the file itself, what it says of its maker or of a place, nothing is left.</summary>
/// <param name="Hash">The SHA-256 of <paramref name="Large"/> in hexadecimal.</param>
/// <param name="Large">JPEG, upright, at most <see cref="LargeSide"/> pixels wide and high.</param>
/// <param name="Card">JPEG of <see cref="CardWidth"/> by <see cref="CardHeight"/>, cut from the middle.</param>
public sealed record PhotoFile(string Hash, byte[] Large, byte[] Card, int Width, int Height)
{
    public const int BytesMax = 8_000_000, LargeSide = 1_200, CardWidth = 480, CardHeight = 360;
    private const long PixelsMax = Megapixels * 1_000_000L;
    private const int Megapixels = 40, LargeQuality = 80, CardQuality = 70;

    private static readonly SKSamplingOptions Smooth = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    /// <summary>A picture of the largest size takes 160 MB while it is read: one at a time.</summary>
    private static readonly Lock Gate = new();

    /// <summary>
    /// Reads a JPEG, PNG or WebP, known by how it begins. Refused: an empty file, one above <see cref="BytesMax"/>, of another kind, of too many
    /// pixels, which is asked before any is read, or broken.
    /// </summary>
    public static Result<PhotoFile> Read(byte[] content)
    {
        if (content.Length == 0) return new PhotoMissing();
        if (content.Length > BytesMax) return new PhotoTooLarge(BytesMax);
        if (!IsPicture(content)) return new PhotoTypeUnknown();
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null) return new PhotoUnreadable();
        if ((long)codec.Info.Width * codec.Info.Height > PixelsMax) return new PhotoTooManyPixels(Megapixels);
        lock (Gate) return Draw(codec);
    }

    private static bool IsPicture(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xD8, 0xFF, ..] => true,
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => true,
        _ => content.Length > 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8),
    };

    private static Result<PhotoFile> Draw(SKCodec codec)
    {
        // Cameras write pictures as they lie and say how to turn them.
        var origin = codec.EncodedOrigin;
        using var colours = SKColorSpace.CreateSrgb();
        using var read = new SKBitmap();
        if (!read.TryAllocPixels(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, colours))) return new PhotoUnreadable();
        if (codec.GetPixels(read.Info, read.GetPixels()) is not SKCodecResult.Success) return new PhotoUnreadable();
        read.SetImmutable();
        using var sent = SKImage.FromBitmap(read);

        var isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (width, height) = isTurned ? (sent.Height, sent.Width) : (sent.Width, sent.Height);
        var scale = Math.Min(1f, (float)LargeSide / Math.Max(width, height));
        var size = new SKSizeI(Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)));
        using var large = Paint(size, canvas =>
        {
            canvas.Scale((float)size.Width / width, (float)size.Height / height);
            canvas.Concat(Upright(origin, sent.Width, sent.Height));
            canvas.DrawImage(sent, 0, 0, Smooth);
        });
        using var card = Paint(new(CardWidth, CardHeight), canvas =>
            canvas.DrawImage(large, Middle(size), SKRect.Create(CardWidth, CardHeight), Smooth));

        var (bytes, small) = (Encode(large, LargeQuality), Encode(card, CardQuality));
        return new PhotoFile(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes, small, size.Width, size.Height);
    }

    /// <summary>Paints on white, for a JPEG lets nothing shine through; and of no profile, so that none is written into it.</summary>
    private static SKImage Paint(SKSizeI size, Action<SKCanvas> paint)
    {
        using var surface = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.Clear(SKColors.White);
        paint(surface.Canvas);
        return surface.Snapshot();
    }

    private static byte[] Encode(SKImage image, int quality)
    {
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }

    /// <summary>The largest part of a picture in the shape of a card.</summary>
    private static SKRect Middle(SKSizeI size)
    {
        var scale = Math.Min((float)size.Width / CardWidth, (float)size.Height / CardHeight);
        var (width, height) = (CardWidth * scale, CardHeight * scale);
        return SKRect.Create((size.Width - width) / 2, (size.Height - height) / 2, width, height);
    }

    /// <summary>How a picture of this size is turned and mirrored to stand upright.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
