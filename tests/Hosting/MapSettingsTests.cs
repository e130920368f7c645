using Borsellino.Web.Hosting;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Borsellino.Tests.Hosting;

/// <summary>Whose pictures lie under the map: nobody's unless the configuration says so, and only theirs.</summary>
public sealed class MapSettingsTests
{
    private static MapSettings Of(string? tiles, string? credit) => MapSettings.Of(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Map:Tiles"] = tiles, ["Map:Credit"] = credit }).Build());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Nobody_is_asked_by_default(string? tiles) => Assert.Equal((null, null), (Of(tiles, "Qualcuno").Tiles, Of(tiles, null).Origin));

    [Fact]
    public void Pictures_of_one_origin_are_let_in_on_the_page_and_nothing_else()
    {
        var map = Of("https://tiles.example:8443/{z}/{x}/{y}.png?k=1", "Chi le ha fatte");
        Assert.Equal(("https://tiles.example:8443", "Chi le ha fatte"), (map.Origin, map.Credit));
        var response = new DefaultHttpContext().Response;
        SecurityHeaders.AllowImages(response, map.Origin!);
        var policy = response.Headers.ContentSecurityPolicy.ToString();
        Assert.Contains("; img-src 'self' data: https://tiles.example:8443; ", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'; script-src 'self'; style-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.Single(policy.Split("tiles.example").Skip(1));
    }

    [Theory]
    [InlineData("tiles", "Chi")]
    [InlineData("http://tiles.example/{z}/{x}/{y}.png", "Chi")]
    [InlineData("https://tiles.example/{z}/{x}.png", "Chi")]
    [InlineData("https:///{z}/{x}/{y}.png", "Chi")]
    [InlineData("https://tiles.example/{z}/{x}/{y}.png", null)]
    public void What_cannot_be_is_named_when_the_program_starts(string tiles, string? credit) =>
        Assert.Contains("The setting Map:", Assert.Throws<InvalidOperationException>(() => Of(tiles, credit)).Message, StringComparison.Ordinal);
}
