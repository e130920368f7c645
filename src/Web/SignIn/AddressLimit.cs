using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Borsellino.Marketplace;
using NodaTime;

namespace Borsellino.Web.SignIn;

/// <summary>
/// How often something secret was tried wrongly from one internet address within a quarter of an hour. Kept in memory
/// alone, each process for itself: an address says where a person lives, and none is written down.
/// </summary>
public sealed class AddressLimit(IClock clock, SignInSettings settings)
{
    /// <summary>More addresses than this at once are not told apart: what is old is dropped, then what is new is let be.</summary>
    private const int AddressesMax = 20_000;

    private readonly ConcurrentDictionary<string, Tries> tries = new(StringComparer.Ordinal);

    private sealed record Tries(Instant Since, int Count);

    /// <summary>Whether an address has had its tries.</summary>
    public bool IsReached(IPAddress? from) =>
        tries.TryGetValue(Key(from), out var found) && !IsOver(found) && found.Count >= settings.TriesPerAddress;

    /// <summary>Counts a wrong try.</summary>
    public void Count(IPAddress? from)
    {
        if (tries.Count >= AddressesMax)
        {
            foreach (var (key, old) in tries)
            {
                if (IsOver(old)) tries.TryRemove(key, out _);
            }

            if (tries.Count >= AddressesMax) return;
        }

        tries.AddOrUpdate(Key(from), _ => new(clock.Now, 1), (_, found) => IsOver(found) ? new(clock.Now, 1) : found with { Count = found.Count + 1 });
    }

    private bool IsOver(Tries found) => clock.Now - found.Since >= Attempts.Window;

    /// <summary>One person may have every address of a network of IPv6.</summary>
    internal static string Key(IPAddress? from)
    {
        if (from is null) return "";
        if (from.IsIPv4MappedToIPv6) from = from.MapToIPv4();
        return from.AddressFamily is AddressFamily.InterNetworkV6 ? Convert.ToHexString(from.GetAddressBytes()[..8]) : from.ToString();
    }
}
