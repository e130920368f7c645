using Borsellino.Ledger;
using Borsellino.Marketplace;
using Borsellino.Web.Demo;
using Borsellino.Web.Mail;
using Borsellino.Web.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Borsellino.Web.Hosting;

/// <summary>What pages ask for by name, and where requests go.</summary>
public static class Services
{
    public static IServiceCollection AddBorsellino(
        this IServiceCollection services, Settings settings, SignInSettings signIn, MailSettings mail)
    {
        services.AddSingleton(settings).AddSingleton(signIn).AddSingleton(mail);
        services.AddSingleton(provider => new Database(provider.GetRequiredService<DatabaseAddress>().Application));
        services.AddMarketplace();
        services.AddSingleton(signIn.Limits).AddSingleton<Sessions>();
        services.AddSingleton<Passwords>().AddSingleton<Attempts>().AddSingleton<AddressLimit>().AddSingleton<Credentials>();
        services.AddSingleton<SecondFactors>().AddSingleton<SignInRegister>().AddSingleton<Authenticator>().AddScoped<Entry>().AddScoped<HelpContext>();
        services.AddSingleton(_ => new VoucherPins(SecretKey.Of(settings, "voucher.key", VoucherPins.KeyBytes))).AddSingleton<Vouchers>();
        if (signIn.OpenId is { } openId) services.AddSingleton(openId).AddSingleton<OpenId>();
        services.AddSingleton<Outbox>().AddSingleton<PasswordMail>().AddHostedService(provider => provider.GetRequiredService<PasswordMail>());
        services.AddSingleton<MessageMail>().AddHostedService(provider => provider.GetRequiredService<MessageMail>());
        // As many as OWASP advises for SHA-512; hashes with fewer are renewed when their owner enters.
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddPermissions();
        services.AddFront();
        services.AddScoped(provider => Visitors.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext!,
            provider.GetRequiredService<CurrentPlace>(), provider.GetRequiredService<SignedIn>()));
        services.AddRazorPages(pages =>
        {
            Permissions.ApplyTo(pages.Conventions);
            PublicPages.ApplyTo(pages.Conventions);
        });
        services.AddPublicPages().AddPostLimit(settings);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = SessionCookie.NameFor(settings, "borsellino-form");
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        });
        services.AddHostedService<Workers>();
        return services;
    }

    /// <summary>The nouns of the ledger and the marketplace, for pages and verbs alike. The clock may be put in before.</summary>
    public static IServiceCollection AddMarketplace(this IServiceCollection services)
    {
        services.TryAddSingleton<IClock, SystemClock>();
        services.AddSingleton<GeneralLedger>().AddSingleton<Accounts>().AddSingleton<Holds>().AddSingleton<Statements>()
            .AddSingleton<Balances>().AddSingleton<TrialBalances>().AddSingleton<Periods>().AddSingleton<PeriodHistory>()
            .AddSingleton<BalanceRules>().AddSingleton<Seals>().AddSingleton<EntryStream>().AddSingleton<Audit>()
            .AddSingleton<MarketplaceAudit>();
        services.AddSingleton<Territories>().AddSingleton<Users>().AddSingleton<Purses>().AddSingleton<Sweeps>()
            .AddSingleton<PlayedTime>().AddSingleton<HelpRequests>().AddSingleton<Messages>().AddSingleton<MessageLetters>().AddSingleton<BookingDrafts>().AddSingleton<RecurringBookings>().AddSingleton<RecurringCards>().AddSingleton<Packages>().AddSingleton<PackageCards>().AddSingleton<Delegations>().AddSingleton<ChildrenDeclarations>();
        services.AddSingleton<Funders>().AddSingleton<Programmes>().AddSingleton<ProgrammeReport>().AddSingleton<Grants>()
            .AddSingleton<GrantImports>().AddSingleton<GrantRows>().AddSingleton<HouseholdRegister>()
            .AddSingleton<ProgrammeRules>().AddSingleton<IseeRegister>().AddSingleton<Explanations>();
        services.AddSingleton<Bookings>().AddSingleton<BookingCards>().AddSingleton<ProviderCredits>().AddSingleton<Ratings>()
            .AddSingleton<PurseStatements>().AddSingleton<VoucherRegister>().AddSingleton<Pools>().AddSingleton<PoolCards>().AddSingleton<PoolCovers>().AddSingleton<SeriesCards>();
        services.AddSingleton<Needs>().AddSingleton<NeedCards>().AddSingleton<DeskActs>().AddSingleton<HouseholdPins>().AddSingleton<ConsentRequests>().AddSingleton<MeetingPlaces>().AddSingleton<Offices>().AddSingleton<OfficeAppointments>().AddSingleton<GroupPrices>().AddSingleton<GroupLetters>().AddSingleton<ProviderLetters>();
        services.AddSingleton<ServiceClasses>().AddSingleton<ClassTaxes>().AddSingleton<Providers>().AddSingleton<Accreditations>().AddSingleton<AccreditationRequests>().AddSingleton<Openings>().AddSingleton<StaffLists>().AddSingleton<StaffCards>().AddSingleton<RequiredDocuments>().AddSingleton<Offers>().AddSingleton<OfferPhotos>()
            .AddSingleton<Slots>().AddSingleton<CatalogueSearch>().AddSingleton<Favourites>().AddSingleton<SavedSearches>().AddSingleton<DemoCatalogue>();
        services.AddSingleton<Payouts>().AddSingleton<Payables>().AddSingleton<AccountNames>().AddSingleton<EntrySubjects>()
            .AddSingleton<MoneyPaths>().AddSingleton<FunderStatements>();
        return services;
    }

    public static void MapBorsellino(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<Settings>();
        app.UseSecurityHeaders(settings);
        app.UseExceptionHandler("/errore/500");
        app.UseMiddleware<Outage>();
        app.UseStatusCodePagesWithReExecute("/errore/{0}");
        app.UseRequestGuard(settings);
        app.UsePlainText();
        app.UseMiddleware<PlaceMiddleware>();
        app.UseLanguage();
        app.UseRouting();
        app.UseAuthentication();
        // Whoever asks for what is not here is told so, not sent to sign in.
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is not null) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UsePublicPages();
        app.MapStaticAssets().AllowAnonymous();
        // Files whose address carries their content are kept by browsers for a year: a second page asks for none of them.
        app.MapRazorPages().WithStaticAssets();
    }
}
