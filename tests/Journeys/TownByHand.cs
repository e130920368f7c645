using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Hosting;
using Borsellino.Web.Mail;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Borsellino.Tests.Journeys;

/// <summary>
/// A demo town of its own whose clock the story moves: a service can be booked, given and paid within a minute. It begins
/// when the town's played life has ended, so everything that is in sight lies ahead.
/// </summary>
public sealed class TownByHand : RunningTown
{
    private readonly Lazy<HandClock> hand = new(() => new(Instant.FromDateTimeUtc(DateTime.UtcNow)));

    public HandClock Hand => hand.Value;

    protected override IClock Clock => Hand;

    /// <summary>Days pass within a story, and nobody in it signs in anew each morning.</summary>
    protected override IReadOnlyDictionary<string, string?> Configuration =>
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["SignIn:IdleMinutes"] = "43200", ["SignIn:AbsoluteHours"] = "720" };

    /// <summary>Lets everything happen that is due by the town's clock, in all its territories, letters too: what follows changes by itself no more.</summary>
    public async Task SettleAsync()
    {
        var (sweeps, mail) = (Services.GetRequiredService<Sweeps>(), Services.GetRequiredService<MessageMail>());
        foreach (var place in await Services.GetRequiredService<Territories>().AllAsync())
        {
            await sweeps.RunAsync(place.Id, CancellationToken.None);
            while (await mail.SendAsync(place) > 0)
            {
                // A round writes so many letters and no more.
            }
        }
    }
}

/// <summary>Stories that move the clock are told one after the other, all in one town.</summary>
[CollectionDefinition(nameof(TownByHand))]
public sealed class TownByHandStories : ICollectionFixture<TownByHand>;
