// Most of a story's time is waiting for the browser or the server: two threads for two cores would leave half of them idle.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]

namespace Borsellino.Tests;

/// <summary>
/// Tests that measure time or fight for a lock run after all others, one class at a time: what they see is then their
/// own doing.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
