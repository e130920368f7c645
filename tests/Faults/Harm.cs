namespace Borsellino.Tests.Faults;

/// <summary>Tests that harm a server: they share one that is made for it, and run alone.</summary>
[CollectionDefinition(nameof(Harm), DisableParallelization = true)]
public sealed class Harm : ICollectionFixture<OwnCluster>;
