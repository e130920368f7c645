using System.Runtime.CompilerServices;
using Borsellino.Marketplace;
using Borsellino.Tests.Journeys;
using Microsoft.AspNetCore.Authorization;

namespace Borsellino.Tests.Web;

/// <summary>
/// Who may do what: every page and act of the program × nobody, every role, and the same roles of another territory. The list comes
/// from the running program, so a new page or act is covered the day it is made.
/// </summary>
public sealed class AccessTests(RunningTown town)
{
    [Fact]
    public async Task Every_endpoint_says_who_may_enter()
    {
        await town.StartAsync();
        // An unpublished build also serves the files of its sources, as published ones are served: to everyone.
        foreach (var endpoint in new PermissionTable(town).Endpoints().Where(e => e.RoutePattern.RawText != "{**path:file}"))
        {
            var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            var rules = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
            Assert.True(open || rules.Count > 0, $"{endpoint.RoutePattern.RawText} says nothing: the fallback refuses it to everyone.");
        }
    }

    /// <summary>Asked once for both: that the answers follow from the folders, and that the table people read says them.</summary>
    [Fact]
    public async Task A_door_opens_to_its_roles_and_to_no_one_else_and_the_written_table_says_so()
    {
        var asked = new PermissionTable(town);
        var rows = await asked.MeasureAsync();
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var (whoever, others) = row.Door.Roles is null ? (PermissionTable.In, PermissionTable.In) : (PermissionTable.SignIn, PermissionTable.Refused);
            Expect(row.Door, "nobody", whoever, row.Nobody);
            Expect(row.Door, "somebody of another territory", whoever, row.Elsewhere);
            foreach (var role in Enum.GetValues<Role>())
            {
                Expect(row.Door, role.ToString(), row.Door.Roles?.Contains(role) == true ? PermissionTable.In : others, row.Roles[role]);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked.Keepable.Count == 0, "Without no-store: " + string.Join(", ", asked.Keepable));

        var table = asked.ToMarkdown(rows);
        if (Environment.GetEnvironmentVariable("BORSELLINO_PERMISSIONS") is not null) await File.WriteAllTextAsync(Written(), table);
        Assert.True(
            File.Exists(Written()) && await File.ReadAllTextAsync(Written()) == table,
            "docs/permissions.md is not what the program answers. See what has changed: BORSELLINO_PERMISSIONS=1 ./test --filter-class '*AccessTests', then git diff.");

        void Expect(Door door, string who, string expected, string actual)
        {
            if (actual != expected) wrong.Add($"{door} as {who}: {actual}, not {expected}");
        }
    }

    private static string Written([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/permissions.md"));
}
