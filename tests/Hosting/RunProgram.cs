using Borsellino.Web.Hosting;

namespace Borsellino.Tests.Hosting;

/// <summary>The program as <c>./run</c> starts it: a process of its own, its words, its code at the end.</summary>
internal static class RunProgram
{
    /// <summary>Runs a verb on a database and answers the code and all that was printed.</summary>
    public static Task<(int Code, string Words)> OnAsync(string connection, string data, params string[] words) =>
        Shell.RunAsync(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "Borsellino.Web.dll"), .. words, "--connection", connection, "--data", data],
            TestContext.Current.CancellationToken);
}
