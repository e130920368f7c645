using Borsellino.Web.Hosting;

return await Commands.RunAsync(args);

/// <summary>Named so that tests can start the whole program inside themselves.</summary>
public partial class Program;
