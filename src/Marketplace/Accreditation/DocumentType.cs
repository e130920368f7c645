namespace Borsellino.Marketplace;

/// <summary>The kinds of file that are taken.</summary>
public enum DocumentType
{
    Pdf,
    Jpeg,
    Png,
}

/// <summary>Knows a file by how it begins, not by its name (OWASP ASVS 5.0, 5.2.2).</summary>
public static class DocumentTypes
{
    /// <summary>What the bytes are; null for anything else.</summary>
    public static DocumentType? Of(ReadOnlySpan<byte> content) => content switch
    {
        _ when content.StartsWith("%PDF-"u8) => DocumentType.Pdf,
        [0xFF, 0xD8, 0xFF, ..] => DocumentType.Jpeg,
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => DocumentType.Png,
        _ => null,
    };

    public static string ContentType(this DocumentType type) => type switch
    {
        DocumentType.Pdf => "application/pdf",
        DocumentType.Jpeg => "image/jpeg",
        DocumentType.Png => "image/png",
    };

    /// <summary>How the name of such a file ends, without the dot.</summary>
    public static string Extension(this DocumentType type) => type switch
    {
        DocumentType.Pdf => "pdf",
        DocumentType.Jpeg => "jpg",
        DocumentType.Png => "png",
    };
}
