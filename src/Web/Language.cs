using System.Globalization;

namespace Borsellino.Web;

/// <summary>The language of a request: Italian unless the visitor chose English, which a cookie remembers.</summary>
public static class Language
{
    private const string Name = "lang";
    private static readonly CultureInfo Italian = CultureInfo.GetCultureInfo("it-IT");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>Whether the current request speaks English.</summary>
    public static bool IsEnglish => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en";

    /// <summary>The value of the page's <c>lang</c> attribute.</summary>
    public static string Code => IsEnglish ? "en" : "it";

    /// <summary>The rest of the caller, and what it calls, speaks Italian or English, whatever the machine is set to.</summary>
    public static void Speak(bool english)
    {
        CultureInfo.CurrentCulture = english ? English : Italian;
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
    }

    /// <summary>The address of this same page in the other language.</summary>
    public static string SwitchAddress(HttpRequest request)
    {
        var query = QueryString.Create(request.Query.Where(pair => pair.Key != Name)).Add(Name, IsEnglish ? "it" : "en");
        return request.PathBase + request.Path + query;
    }

    /// <summary>
    /// Sets the culture of each request. <c>?lang=en</c> is remembered and taken out of the address, so that a
    /// shared link does not change the reader's language.
    /// </summary>
    public static IApplicationBuilder UseLanguage(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.Query.TryGetValue(Name, out var asked) && asked is ["it" or "en"])
        {
            context.Response.Cookies.Append(Name, asked.ToString(), new CookieOptions
            {
                Path = "/", MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true,
                HttpOnly = true, Secure = request.IsHttps,
            });
            var rest = QueryString.Create(request.Query.Where(pair => pair.Key != Name));
            context.Response.Redirect(request.PathBase + request.Path + rest);
            return Task.CompletedTask;
        }
        SpeakTo(request);
        return next(context);
    });

    /// <summary>The language that whoever sent the request has chosen.</summary>
    internal static void SpeakTo(HttpRequest request) => Speak(english: request.Cookies[Name] == "en");
}
