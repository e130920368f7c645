using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Borsellino.Web.Pages;

/// <summary>What people read when a page cannot be shown: what happened, and what to do now.</summary>
[ResponseCache(NoStore = true)]
[IgnoreAntiforgeryToken]
public sealed class ErrorModel(Texts T) : PageModel
{
    public string Heading { get; private set; } = "";
    public string Sentence { get; private set; } = "";

    /// <summary>Finds this request in the log.</summary>
    public string Reference { get; private set; } = "";

    public void OnGet() => Show();

    // A failed POST is shown again through this page with its own method.
    public void OnPost() => Show();

    private void Show()
    {
        // From the route and nothing else: the form that failed may have a field of the same name, or may not be readable.
        var status = int.TryParse(RouteData.Values["code"] as string, out var code) && code is >= 400 and <= 599
            ? code : StatusCodes.Status500InternalServerError;
        (Heading, Sentence) = status switch
        {
            403 => (T["Questa pagina non è per te"].Value,
                T["Sei entrato, ma il tuo ruolo non può vedere questa pagina. Se ti serve per lavorare, chiedi a chi gestisce gli accessi."].Value),
            404 => (T["Questa pagina non c’è"].Value,
                T["L’indirizzo è sbagliato, oppure quello che cercavi è stato tolto."].Value),
            400 or 405 or 413 or 415 => (T["Non abbiamo capito la richiesta"].Value,
                T["Forse la pagina era aperta da molto. Torna indietro, ricaricala e riprova."].Value),
            429 => (T["Troppe richieste in poco tempo"].Value, T["Aspetta un minuto, poi riprova."].Value),
            503 => (T["Torniamo tra poco"].Value, T["Stiamo lavorando al servizio. Riprova tra qualche minuto."].Value),
            _ => (T["Qualcosa si è rotto, e non per colpa tua"].Value,
                T["Lo abbiamo segnato e lo guarderemo. Riprova tra qualche minuto."].Value),
        };
        Response.StatusCode = status;
        Reference = Activity.Current?.TraceId.ToString()[..12].ToUpperInvariant() is { } trace
            ? Display.Reference(trace) : HttpContext.TraceIdentifier;
    }
}
