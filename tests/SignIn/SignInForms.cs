using System.Net;
using Borsellino.Tests.Web;

namespace Borsellino.Tests.SignIn;

/// <summary>Fills in and sends forms as a person without script would.</summary>
internal static class SignInForms
{
    public static Uri At(string path) => new(path, UriKind.Relative);

    /// <summary>Sends the form that has the first of the answers; answers where it leads, or the page it shows.</summary>
    public static async Task<string> SendAsync(this HttpClient client, string page, params (string Name, string Value)[] answers)
    {
        var form = WebForm.On(page, await client.GetStringAsync(At(page))).Single(f => f.Fields.Any(x => x.Name == answers[0].Name));
        return await client.SendAsync(form, answers);
    }

    /// <summary>Sends a form that was shown before.</summary>
    public static async Task<string> SendAsync(this HttpClient client, WebForm form, params (string Name, string Value)[] answers)
    {
        var filled = form.Untouched().Select(f => answers.Any(a => a.Name == f.Key) ? new(f.Key, answers.First(a => a.Name == f.Key).Value) : f);
        using var fields = new FormUrlEncodedContent(filled);
        var answer = await client.PostAsync(At(form.Action), fields);
        return answer.StatusCode is HttpStatusCode.Redirect ? answer.Headers.Location!.ToString() : await answer.Content.ReadAsStringAsync();
    }

    public static async Task<HttpStatusCode> StatusAsync(this HttpClient client, string path) => (await client.GetAsync(At(path))).StatusCode;
}
