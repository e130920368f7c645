using System.Buffers.Binary;
using System.Text;

namespace Borsellino.Web.Papers;

/// <summary>
/// A TrueType font, read as far as paper needs it: which glyph draws a letter, how wide it is, and a smaller font that draws only
/// some of them. It never changes once it is read, so all papers share it.
/// </summary>
public sealed class TrueTypeFont
{
    /// <summary>What a program needs to draw glyphs by their number; names, spacing rules and other scripts stay behind.</summary>
    private static readonly string[] Drawn = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    private readonly byte[] file;
    private readonly Dictionary<string, (int Start, int Length)> tables = new(StringComparer.Ordinal);
    private readonly ushort[] glyphs = new ushort[0x10000];
    private readonly int[] widths;
    private readonly bool longOffsets;

    public TrueTypeFont(string name, byte[] file)
    {
        (Name, this.file) = (name, file);
        for (var i = 0; i < U16(4); i++)
        {
            var entry = 12 + (16 * i);
            tables[Encoding.ASCII.GetString(file, entry, 4)] = (I32(entry + 8), I32(entry + 12));
        }

        var (head, hhea) = (At("head"), At("hhea"));
        if (U16(head + 18) != 1000) throw new InvalidDataException($"{name} does not measure in thousandths, as PDF does.");
        Box = [I16(head + 36), I16(head + 38), I16(head + 40), I16(head + 42)];
        longOffsets = I16(head + 50) != 0;
        (Ascent, Descent) = (I16(hhea + 4), I16(hhea + 6));
        CapHeight = I16(At("OS/2") + 88);
        Count = U16(At("maxp") + 4);
        // The last width that is told is that of all further glyphs.
        widths = [.. Enumerable.Range(0, Count).Select(glyph => U16(At("hmtx") + (4 * Math.Min(glyph, U16(hhea + 34) - 1))))];
        ReadLetters();
    }

    public string Name { get; }

    /// <summary>How many glyphs there are. All measures are thousandths of the size.</summary>
    public int Count { get; }

    public int Ascent { get; }
    public int Descent { get; }
    public int CapHeight { get; }
    public IReadOnlyList<int> Box { get; }

    /// <summary>The number of the glyph that draws a letter; zero for none.</summary>
    public int GlyphOf(char letter) => glyphs[letter];

    public int WidthOf(int glyph) => widths[glyph];

    /// <summary>The same font with these glyphs alone, under their numbers; of all others nothing is left to draw.</summary>
    public byte[] With(IEnumerable<int> wanted)
    {
        var kept = new HashSet<int> { 0 };
        var waiting = new Queue<int>(wanted);
        while (waiting.TryDequeue(out var glyph))
        {
            if (!kept.Add(glyph)) continue;
            foreach (var part in PartsOf(glyph)) waiting.Enqueue(part);
        }

        using var shapes = new MemoryStream();
        var places = new byte[4 * (Count + 1)];
        for (var glyph = 0; glyph < Count; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(4 * glyph), (int)shapes.Length);
            if (kept.Contains(glyph)) shapes.Write(ShapeOf(glyph));
            while (shapes.Length % 4 != 0) shapes.WriteByte(0);
        }

        BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(4 * Count), (int)shapes.Length);
        var head = Table("head").ToArray();
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        return Joined([.. Drawn.Where(t => tables.ContainsKey(t)).Select(t => (t, t switch
        {
            "glyf" => shapes.ToArray(),
            "loca" => places,
            "head" => head,
            _ => Table(t).ToArray(),
        }))]);
    }

    /// <summary>Of the tables that say which letter is which glyph, the one for the letters of everyday scripts.</summary>
    private void ReadLetters()
    {
        var map = At("cmap");
        var start = Enumerable.Range(0, U16(map + 2)).Select(i => map + 4 + (8 * i))
            .Where(e => (U16(e), U16(e + 2)) is (3, 1) or (0, 3)).Select(e => map + I32(e + 4)).First(s => U16(s) == 4);
        var segments = U16(start + 6) / 2;
        for (var i = 0; i < segments; i++)
        {
            var last = U16(start + 14 + (2 * i));
            var first = U16(start + 16 + (2 * (segments + i)));
            var delta = U16(start + 16 + (2 * ((2 * segments) + i)));
            var offsetAt = start + 16 + (2 * ((3 * segments) + i));
            for (var letter = first; letter <= last && letter < 0xFFFF; letter++)
            {
                var glyph = U16(offsetAt) == 0 ? letter : U16(offsetAt + U16(offsetAt) + (2 * (letter - first)));
                if (glyph != 0) glyphs[letter] = (ushort)((glyph + delta) & 0xFFFF);
            }
        }
    }

    /// <summary>The glyphs that an accented letter is put together from.</summary>
    private List<int> PartsOf(int glyph)
    {
        var shape = ShapeOf(glyph);
        var parts = new List<int>();
        if (shape.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(shape) >= 0) return parts;
        for (var at = 10; ;)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(shape[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(shape[(at + 2)..]));
            if ((flags & 0x20) == 0) return parts;
            at += 4 + ((flags & 0x01) != 0 ? 4 : 2) + ((flags & 0x08) != 0 ? 2 : (flags & 0x40) != 0 ? 4 : (flags & 0x80) != 0 ? 8 : 0);
        }
    }

    private ReadOnlySpan<byte> ShapeOf(int glyph)
    {
        var (from, to) = (Place(glyph), Place(glyph + 1));
        return file.AsSpan(At("glyf") + from, to - from);

        int Place(int number) => longOffsets ? I32(At("loca") + (4 * number)) : 2 * U16(At("loca") + (2 * number));
    }

    private static byte[] Joined(IReadOnlyList<(string Name, byte[] Content)> parts)
    {
        var start = 12 + (16 * parts.Count);
        var joined = new byte[start + parts.Sum(p => Padded(p.Content.Length))];
        BinaryPrimitives.WriteInt32BigEndian(joined, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(joined.AsSpan(4), (ushort)parts.Count);
        var power = (int)Math.Log2(parts.Count);
        BinaryPrimitives.WriteUInt16BigEndian(joined.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(joined.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(joined.AsSpan(10), (ushort)((16 * parts.Count) - (16 << power)));
        foreach (var ((name, content), i) in parts.Select((p, i) => (p, i)))
        {
            var entry = joined.AsSpan(12 + (16 * i), 16);
            content.CopyTo(joined, start);
            Encoding.ASCII.GetBytes(name, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(joined.AsSpan(start, Padded(content.Length))));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], start);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], content.Length);
            start += Padded(content.Length);
        }

        return joined;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static uint Sum(ReadOnlySpan<byte> content)
    {
        var sum = 0u;
        for (var i = 0; i < content.Length; i += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(content[i..]));
        return sum;
    }

    private ReadOnlySpan<byte> Table(string name) => file.AsSpan(tables[name].Start, tables[name].Length);

    private int At(string table) => tables[table].Start;

    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

    private int I16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));

    private int I32(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
}
