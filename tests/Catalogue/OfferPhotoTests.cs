using System.Text;
using Borsellino.Ledger;
using Borsellino.Marketplace;
using SkiaSharp;

namespace Borsellino.Tests.Catalogue;

/// <summary>A photo of an offer: nothing of the file that was sent is kept, what is no photo is refused, and nobody sees what is not published.</summary>
public sealed class OfferPhotoTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Words Alt = new("Due ragazzi fanno i compiti", "Two children do their homework");

    [Theory]
    [InlineData(1, "red", "green", false)]
    [InlineData(2, "green", "red", false)]
    [InlineData(3, "yellow", "blue", false)]
    [InlineData(4, "blue", "yellow", false)]
    [InlineData(5, "red", "blue", true)]
    [InlineData(6, "blue", "red", true)]
    [InlineData(7, "yellow", "green", true)]
    [InlineData(8, "green", "yellow", true)]
    public void A_photo_stands_upright_and_says_nothing_of_where_it_was_taken(int orientation, string left, string right, bool isTurned)
    {
        var sent = SomePhotos.WithExif(SomePhotos.Quarters(1_600, 800), orientation);
        using (var codec = SKCodec.Create(new MemoryStream(sent))) Assert.Equal(orientation, (int)codec.EncodedOrigin);
        Assert.Contains(SomePhotos.Camera, Encoding.Latin1.GetString(sent), StringComparison.Ordinal);

        var photo = PhotoFile.Read(sent).OrThrow();
        Assert.Equal(isTurned ? (600, 1_200) : (1_200, 600), (photo.Width, photo.Height));
        using var large = SKBitmap.Decode(photo.Large);
        Assert.Equal((photo.Width, photo.Height), (large.Width, large.Height));
        Assert.Equal((left, right), (NameOf(large.GetPixel(photo.Width / 4, photo.Height / 4)), NameOf(large.GetPixel(photo.Width * 3 / 4, photo.Height / 4))));
        using var card = SKBitmap.Decode(photo.Card);
        Assert.Equal((480, 360), (card.Width, card.Height));
        Assert.Equal((left, right), (NameOf(card.GetPixel(60, 60)), NameOf(card.GetPixel(420, 60))));
        foreach (var bytes in new[] { photo.Large, photo.Card })
        {
            var text = Encoding.Latin1.GetString(bytes);
            Assert.DoesNotContain(SomePhotos.Camera, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exif", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ICC_PROFILE", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Png_and_webp_are_taken_small_ones_keep_their_size_and_glass_is_white()
    {
        var png = PhotoFile.Read(SomePhotos.Quarters(300, 200, SKEncodedImageFormat.Png)).OrThrow();
        Assert.Equal((300, 200), (png.Width, png.Height));
        Assert.Equal(png.Hash, PhotoFile.Read(SomePhotos.Quarters(300, 200, SKEncodedImageFormat.Png)).OrThrow().Hash);
        Assert.Equal(1_200, PhotoFile.Read(SomePhotos.Quarters(1_300, 30, SKEncodedImageFormat.Webp)).OrThrow().Width);
        Assert.Equal(1, PhotoFile.Read(SomePhotos.Glass(3_000, 1)).OrThrow().Height);
        using var glass = SKBitmap.Decode(PhotoFile.Read(SomePhotos.Glass(64, 64)).OrThrow().Large);
        Assert.Equal(SKColors.White, glass.GetPixel(32, 32));
        // The middle is cut out: of a wide picture the sides are lost, and both halves stay.
        using var card = SKBitmap.Decode(PhotoFile.Read(SomePhotos.Quarters(1_200, 300)).OrThrow().Card);
        Assert.Equal(("red", "yellow"), (NameOf(card.GetPixel(200, 100)), NameOf(card.GetPixel(280, 260))));
    }

    public static TheoryData<string> Refusals => new("empty", "text", "svg", "gif", "heavy", "huge", "just too many", "cut", "header alone", "no italian", "long english");

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_no_photo_or_has_no_words_is_refused_and_nothing_is_kept(string what)
    {
        var (town, photos, by) = await OpenAsync();
        var offer = await town.OfferAsync(by.Provider, "doposcuola", "Compiti");
        var good = SomePhotos.Quarters(640, 480);
        var (content, alt, expected) = what switch
        {
            "empty" => ([], Alt, new PhotoMissing()),
            "text" => ("Sono un testo chiamato foto.jpg"u8.ToArray(), Alt, new PhotoTypeUnknown()),
            "svg" => (SomePhotos.Svg, Alt, new PhotoTypeUnknown()),
            "gif" => ("GIF89a\u0001\0\u0001\0"u8.ToArray(), Alt, new PhotoTypeUnknown()),
            "heavy" => ([.. good, .. new byte[PhotoFile.BytesMax + 1 - good.Length]], Alt, new PhotoTooLarge(PhotoFile.BytesMax)),
            "huge" => (SomePhotos.Claiming(good, 20_000, 20_000), Alt, new PhotoTooManyPixels(40)),
            "just too many" => (SomePhotos.Claiming(good, 8_000, 5_001), Alt, new PhotoTooManyPixels(40)),
            "cut" => (good[..(good.Length * 2 / 3)], Alt, new PhotoUnreadable()),
            "header alone" => (good[..4], Alt, new PhotoUnreadable()),
            "no italian" => (good, Alt with { It = " \t" }, new PhotoWordsWrong("alt_it")),
            "long english" => (good, Alt with { En = new('x', OfferPhotos.AltMax + 1) }, (Refusal)new PhotoWordsWrong("alt_en")),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        Assert.Equal(expected, Refused(await photos.PutAsync(town.Id, offer, content, alt, by)));
        Assert.Equal(0, await CountAsync(town));
    }

    [Fact]
    public async Task Another_picture_has_another_address_and_the_old_one_is_gone()
    {
        var (town, photos, by) = await OpenAsync();
        var offer = await town.OfferAsync(by.Provider, "doposcuola", "Compiti");
        var first = (await photos.PutAsync(town.Id, offer, SomePhotos.Quarters(640, 480), Alt, by)).OrThrow();
        Assert.Equal(first, (await photos.PutAsync(town.Id, offer, SomePhotos.Quarters(640, 480), Alt, by)).OrThrow());
        Assert.Equal(new OfferPhoto(first, 640, 480, Alt), (await town.Offers.FindAsync(town.Id, offer))!.Photo);
        Assert.Equal(new OfferPhoto(first, 640, 480, Alt), Assert.Single((await town.Search.FindAsync(town.Id, new())).Cards).Photo);

        var second = (await photos.PutAsync(town.Id, offer, SomePhotos.Quarters(640, 481), new(" Altre parole ", "Other words"), by)).OrThrow();
        Assert.NotEqual(first, second);
        Assert.Equal(new OfferPhoto(second, 640, 481, new("Altre parole", "Other words")), (await town.Offers.FindAsync(town.Id, offer))!.Photo);
        Assert.Null(await photos.ContentAsync(town.Id, first, isCard: false, by.Provider));
        Assert.NotNull(await photos.ContentAsync(town.Id, second, isCard: true, whose: null));
        Assert.Equal(1, await CountAsync(town));

        (await photos.RemoveAsync(town.Id, offer, by)).OrThrow();
        (await photos.RemoveAsync(town.Id, offer, by)).OrThrow();
        Assert.Null((await town.Offers.FindAsync(town.Id, offer))!.Photo);
        Assert.Equal(0, await CountAsync(town));
    }

    [Fact]
    public async Task Only_what_is_published_is_seen_by_others_and_only_its_provider_touches_it()
    {
        var (town, photos, by) = await OpenAsync();
        var other = new ProviderUser(await town.CooperativeAsync("Altra", "doposcuola"), town.Officer);
        var offer = town.Draft(by.Provider, "doposcuola", "Compiti");
        (await town.Offers.CreateAsync(town.Id, offer)).OrThrow();
        var hash = (await photos.PutAsync(town.Id, offer.Id, SomePhotos.Quarters(640, 480), Alt, by)).OrThrow();
        Assert.IsType<OfferNotFound>(Refused(await photos.PutAsync(town.Id, offer.Id, SomePhotos.Quarters(64, 48), Alt, other)));
        Assert.IsType<OfferNotFound>(Refused(await photos.RemoveAsync(town.Id, offer.Id, other)));

        await SeenAsync(byProvider: false, byAnyone: null);
        (await town.Offers.PublishAsync(town.Id, offer.Id)).OrThrow();
        await SeenAsync(byProvider: true, byAnyone: true);
        (await town.Offers.WithdrawAsync(town.Id, offer.Id)).OrThrow();
        await SeenAsync(byProvider: false, byAnyone: null);
        Assert.Null(Assert.Single(await town.Search.CardsAsync(town.Id, [offer.Id])).Photo);

        // The same picture on an offer that is published may be seen, whoever else has it in a drawer.
        var published = await town.OfferAsync(other.Provider, "doposcuola", "Altri compiti");
        Assert.Equal(hash, (await photos.PutAsync(town.Id, published, SomePhotos.Quarters(640, 480), Alt, other)).OrThrow());
        await SeenAsync(byProvider: true, byAnyone: true);
        var (there, elsewhere, _) = await OpenAsync();
        Assert.Null(await elsewhere.ContentAsync(there.Id, hash, isCard: false, whose: null));
        foreach (var wrong in new[] { "", "x", hash[1..], hash.ToUpperInvariant(), hash + "0" }) Assert.Null(await photos.ContentAsync(town.Id, wrong, isCard: false, by.Provider));

        async Task SeenAsync(bool byProvider, bool? byAnyone)
        {
            Assert.Equal(byProvider, (await photos.ContentAsync(town.Id, hash, isCard: false, by.Provider))!.Value.IsPublished);
            Assert.Equal(byAnyone, (await photos.ContentAsync(town.Id, hash, isCard: false, whose: null))?.IsPublished);
            if (byAnyone is null) Assert.Null(await photos.ContentAsync(town.Id, hash, isCard: true, other.Provider));
        }
    }

    private static string NameOf(SKColor colour) => (colour.Red > 180, colour.Green > 90, colour.Blue > 180) switch
    {
        (true, true, false) => "yellow",
        (true, false, false) => "red",
        (false, true, false) => "green",
        (false, false, true) => "blue",
        _ => colour.ToString(),
    };

    private static Refusal? Refused<T>(Result<T> result)
        where T : notnull => result.IsRefused(out var refusal) ? refusal : null;

    private static async Task<long> CountAsync(Town town) =>
        (await town.Db.ListAsync<long>(town.Id, "select count(*) from marketplace.offer_photo where territory_id = @territory"))[0];

    private async Task<(Town Town, OfferPhotos Photos, ProviderUser By)> OpenAsync()
    {
        var town = await Town.BuildAsync(database);
        return (town, new(town.Db, town.Clock), new(await town.CooperativeAsync("Gelso", "doposcuola"), town.Officer));
    }
}
