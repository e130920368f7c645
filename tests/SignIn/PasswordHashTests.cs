using System.Buffers.Binary;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Borsellino.Tests.SignIn;

/// <summary>What the running program makes of a password (ASVS 11.4.2).</summary>
public sealed class PasswordHashTests(RunningTown town)
{
    // The third form of ASP.NET Core Identity: a mark, then function, rounds and length of the salt, each four bytes with the highest first.
    private const byte Mark = 1;
    private const int Sha512 = 2, RoundsMin = 210_000, SaltMin = 16;

    [Fact]
    public async Task A_password_is_hashed_as_often_as_is_advised_with_a_salt_of_its_own()
    {
        await town.StartAsync();
        var hasher = town.Services.GetRequiredService<IPasswordHasher<User>>();
        var (one, other) = (Convert.FromBase64String(hasher.HashPassword(null!, "la stessa parola")), Convert.FromBase64String(hasher.HashPassword(null!, "la stessa parola")));
        Assert.Equal(Mark, one[0]);
        Assert.Equal(Sha512, Number(one, 0));
        Assert.True(Number(one, 1) >= RoundsMin, $"{Number(one, 1)} rounds");
        Assert.True(Number(one, 2) >= SaltMin, $"{Number(one, 2)} bytes of salt");
        Assert.NotEqual(one, other);
    }

    private static int Number(byte[] hash, int which) => BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1 + (which * 4)));
}
