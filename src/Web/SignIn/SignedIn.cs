using Borsellino.Ledger;
using Borsellino.Marketplace;

namespace Borsellino.Web.SignIn;

/// <summary>Who is signed in, read afresh at each request, with the role they wear.</summary>
public sealed class SignedIn
{
    private SignedInUser? user;

    public bool IsKnown => user is not null;

    /// <summary>The visitor. Throws where nobody is signed in: only pages that demand it ask.</summary>
    public SignedInUser User => user ?? throw new InvalidOperationException("Nobody is signed in.");

    public Id<User> UserId => User.Id;

    /// <summary>The name by which the books know who acted.</summary>
    public string Actor => User.Id.ToString();

    /// <summary>The family of a household role; throws for other roles.</summary>
    public Id<Household> Household => User.HouseholdId ?? throw new InvalidOperationException("This role has no family.");

    /// <summary>The provider of a provider's or shop's role; throws for other roles.</summary>
    public Id<Provider> Provider => User.ProviderId ?? throw new InvalidOperationException("This role has no provider.");

    /// <summary>Whoever has shown a password and has still to show, or to set up, a second factor; they are not signed in yet.</summary>
    public SignedInUser? Pending { get; private set; }

    public bool Is(Role role) => user?.Role == role;

    /// <summary>All roles of whoever has several; empty for everybody else.</summary>
    public IReadOnlyList<RoleGrant> Roles { get; private set; } = [];

    internal void Know(SignedInUser known, IReadOnlyList<RoleGrant> roles)
    {
        Roles = roles;
        if (known.Awaits is null) user = known;
        else Pending = known;
    }
}
