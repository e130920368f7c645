using System.Text.RegularExpressions;

namespace Borsellino.Marketplace;

/// <summary>A phone number is 5 to 15 digits (ITU-T E.164 has no more), perhaps with a plus before and spaces between.</summary>
public sealed record PhoneUnreadable() : FieldRefusal("phone_unreadable", "phone");

/// <summary>Numbers that the office can call.</summary>
public static partial class PhoneNumber
{
    /// <summary>Whether a text is such a number, spaces at its ends aside.</summary>
    public static bool IsReadable(string number) => Shape().IsMatch(number) && number.Count(char.IsAsciiDigit) is >= 5 and <= 15;

    [GeneratedRegex(@"^\+?[0-9][0-9 ]{4,24}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
