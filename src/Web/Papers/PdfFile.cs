using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>
/// The objects of a PDF (ISO 32000-1, version 1.7) and how they become a file. Everything is packed, and the same objects make the
/// same bytes: the file's number is taken from its content.
/// </summary>
public sealed class PdfFile
{
    /// <summary>So many small objects are packed together at most.</summary>
    private const int PackMax = 400;

    private readonly List<(byte[] Body, bool IsStream)> objects = [];

    /// <summary>A number for an object that is told later, so that others may already point to it.</summary>
    public int Reserve()
    {
        objects.Add(([], false));
        return objects.Count;
    }

    public void Set(int number, string body) => objects[number - 1] = (Encoding.ASCII.GetBytes(body), false);

    public int Add(string body)
    {
        var number = Reserve();
        Set(number, body);
        return number;
    }

    public int AddStream(string entries, byte[] content)
    {
        objects.Add((Stream(entries, content), true));
        return objects.Count;
    }

    public byte[] ToBytes(int catalog, int information)
    {
        using var file = new MemoryStream();
        Write(file, "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
        // Of each object: which kind of place it has, where, and which in order it is there.
        var places = new List<(byte Kind, int Where, int Which)> { (0, 0, 65535) };
        places.AddRange(objects.Select(_ => ((byte)0, 0, 0)));
        foreach (var (item, i) in objects.Select((o, i) => (o, i)).Where(o => o.o.IsStream)) PutStream(i + 1, item.Body);
        foreach (var pack in objects.Select((o, i) => (o.Body, o.IsStream, Number: i + 1)).Where(o => !o.IsStream).Chunk(PackMax))
        {
            var (head, body) = (new StringBuilder(), new MemoryStream());
            foreach (var (content, _, number) in pack)
            {
                head.Append(CultureInfo.InvariantCulture, $"{number} {body.Length} ");
                body.Write(content);
                body.WriteByte((byte)'\n');
            }

            var packNumber = places.Count;
            places.Add((0, 0, 0));
            PutStream(packNumber, Stream(
                $"/Type/ObjStm/N {pack.Length}/First {head.Length}", [.. Encoding.ASCII.GetBytes(head.ToString()), .. body.ToArray()]));
            foreach (var (o, which) in pack.Select((o, which) => (o, which))) places[o.Number] = (2, packNumber, which);
        }

        var name = Convert.ToHexString(SHA256.HashData(file.ToArray())[..16]);
        var start = file.Length;
        places.Add((1, (int)start, 0));
        var table = places.SelectMany(p => new[] { p.Kind, (byte)(p.Where >> 16), (byte)((p.Where >> 8) & 255), (byte)(p.Where & 255), (byte)(p.Which >> 8), (byte)(p.Which & 255) });
        PutStream(places.Count - 1, Stream(
            $"/Type/XRef/Size {places.Count}/W[1 3 2]/Root {catalog} 0 R/Info {information} 0 R/ID[<{name}><{name}>]", [.. table]));
        Write(file, $"startxref\n{start}\n%%EOF\n");
        return file.ToArray();

        void PutStream(int number, byte[] body)
        {
            places[number] = (1, (int)file.Length, 0);
            Write(file, $"{number} 0 obj\n");
            file.Write(body);
            Write(file, "\nendobj\n");
        }
    }

    /// <summary>A text of people, as titles and alternatives are written: any letter, in UTF-16.</summary>
    public static string Text(string words) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(words))}>";

    private static byte[] Stream(string entries, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) packing.Write(content);
        return [
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<<{entries}/Filter/FlateDecode/Length {packed.Length}>>\nstream\n")),
            .. packed.ToArray(), .. "\nendstream"u8];
    }

    private static void Write(MemoryStream file, string text) => file.Write(Encoding.Latin1.GetBytes(text));
}
