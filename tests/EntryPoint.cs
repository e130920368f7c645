using Borsellino.Tests.Ledger;
using Xunit.MicrosoftTestingPlatform;

namespace Borsellino.Tests;

/// <summary>
/// Runs the tests. One of them starts the program a second time, as another process that works on the same book.
/// </summary>
public static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (Crowd.OrdersFromEnvironment is not { } orders)
        {
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        await Crowd.RunAsync(orders);
        return 0;
    }
}
