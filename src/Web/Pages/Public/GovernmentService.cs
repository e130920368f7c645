using System.Text.Json;
using System.Text.Json.Nodes;
using Borsellino.Marketplace;

namespace Borsellino.Web.Pages.Public;

/// <summary>A service in the words of schema.org, as the model site of the municipalities asks. Pure.</summary>
public static class GovernmentService
{
    /// <summary>
    /// JSON that may stand inside a script element: the serializer writes every angle bracket as an escape. It is data,
    /// so the rule against inline scripts does not concern it.
    /// </summary>
    public static string Of(
        Place place, Offer offer, Provider provider, IReadOnlyList<ServiceClass> path, IReadOnlyList<Municipality> municipalities, string address)
    {
        var english = Language.IsEnglish;
        var code = offer.Place is ServicePlace.AtProvider ? offer.MunicipalityCode : provider.MunicipalityCode;
        var municipality = municipalities.SingleOrDefault(m => m.Code == code);
        var service = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "GovernmentService",
            ["name"] = offer.Title.In(english),
            ["description"] = offer.Summary.In(english),
            ["serviceType"] = path.Count > 0 ? path[^1].Name.In(english) : offer.ClassCode,
            ["serviceOperator"] = new JsonObject { ["@type"] = "GovernmentOrganization", ["name"] = place.Name },
            ["provider"] = new JsonObject { ["@type"] = "Organization", ["name"] = provider.Name, ["telephone"] = provider.Phone },
            ["areaServed"] = new JsonObject { ["@type"] = "AdministrativeArea", ["name"] = place.Name },
            ["audience"] = new JsonObject { ["@type"] = "Audience", ["audienceType"] = offer.Addressed.In(english) },
            ["availableChannel"] = new JsonObject
            {
                ["@type"] = "ServiceChannel",
                ["name"] = Texts.Say("Prenotazione online"),
                ["serviceUrl"] = address,
                ["serviceLocation"] = new JsonObject
                {
                    ["@type"] = "Place",
                    ["name"] = provider.Name,
                    ["address"] = new JsonObject
                    {
                        ["@type"] = "PostalAddress",
                        ["streetAddress"] = offer.Place is ServicePlace.AtProvider ? offer.Address : provider.Address,
                        ["postalCode"] = municipality?.PostalCode ?? "",
                        ["addressLocality"] = municipality?.Name ?? place.Town,
                    },
                },
            },
            ["offers"] = new JsonObject
            {
                ["@type"] = "Offer",
                ["price"] = offer.Price.ToString(),
                ["priceCurrency"] = "EUR",
            },
        };
        return service.ToJsonString(new JsonSerializerOptions { WriteIndented = false });
    }
}
