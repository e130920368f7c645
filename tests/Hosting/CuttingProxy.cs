using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Borsellino.Tests.Hosting;

/// <summary>Where a <see cref="CuttingProxy"/> cuts the next connection that commits.</summary>
public enum Cut
{
    None,

    /// <summary>The server never hears of the commit: nothing was done.</summary>
    BeforeCommit,

    /// <summary>The server has committed; its answer is lost.</summary>
    AfterCommit,

    /// <summary>As <see cref="AfterCommit"/>, and so for every connection until told otherwise.</summary>
    AfterEveryCommit,
}

/// <summary>A wire between the application and PostgreSQL that breaks at the worst moment.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    // The messages of PostgreSQL's protocol: a letter, the length with itself, the text with a zero at its end.
    private static readonly byte[] Committed = Message('C', "COMMIT\0"u8);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly EndPoint server;
    private readonly Task accepting;
    private int next;
    private int cuts;

    public CuttingProxy(string connection)
    {
        var address = new NpgsqlConnectionStringBuilder(connection);
        server = new UnixDomainSocketEndPoint(Path.Combine(address.Host!, ".s.PGSQL.5432"));
        listener.Start();
        (address.Host, address.Port) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        address.SslMode = SslMode.Disable;
        address.Pooling = true;
        Connection = address.ConnectionString;
        accepting = AcceptAsync();
    }

    /// <summary>How to reach the same database through the proxy.</summary>
    public string Connection { get; }

    /// <summary>How many connections were cut.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    public void Arm(Cut where) => Volatile.Write(ref next, (int)where);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true) wires.Add(CarryAsync(await listener.AcceptSocketAsync(closing.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(wires);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var _ = client;
        using var behind = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await behind.ConnectAsync(server, closing.Token);
        // Either way ends: both do.
        await Task.WhenAny(
            PumpAsync(client, behind, new Commits().AreIn, where => where is Cut.BeforeCommit),
            PumpAsync(behind, client, bytes => bytes.AsSpan().IndexOf(Committed) >= 0, where => where is Cut.AfterCommit or Cut.AfterEveryCommit));
    }

    /// <summary>Carries bytes one way until the stream ends, or until something passes at which the wire is to be cut.</summary>
    private async Task PumpAsync(Socket from, Socket to, Func<ArraySegment<byte>, bool> passes, Func<Cut, bool> cutsHere)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, closing.Token) is > 0 and var length)
            {
                if (passes(new(buffer, 0, length)) && Take(cutsHere)) return;
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), closing.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The other way has ended, or the test has.
        }
    }

    private bool Take(Func<Cut, bool> cutsHere)
    {
        var where = (Cut)Volatile.Read(ref next);
        if (!cutsHere(where)) return false;
        if (where is not Cut.AfterEveryCommit && Interlocked.CompareExchange(ref next, 0, (int)where) != (int)where) return false;
        Interlocked.Increment(ref cuts);
        return true;
    }

    private static byte[] Message(char letter, ReadOnlySpan<byte> text)
    {
        var message = new byte[5 + text.Length];
        message[0] = (byte)letter;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + text.Length);
        text.CopyTo(message.AsSpan(5));
        return message;
    }

    /// <summary>
    /// Knows the commits of one connection: a Parse message has the word, after the name the statement gets; from then on
    /// a Bind has that name alone.
    /// </summary>
    private sealed class Commits
    {
        private static readonly byte[] Word = "\0commit\0"u8.ToArray();
        private byte[]? name;

        public bool AreIn(ArraySegment<byte> bytes)
        {
            var at = bytes.AsSpan().IndexOf(Word);
            if (at < 0) return name is not null && bytes.AsSpan().IndexOf(name) >= 0;
            // Before the word stands the statement's name; an unnamed one leaves the message's length there.
            var before = bytes.AsSpan(0, at);
            var begins = before.LastIndexOf("_auto"u8);
            if (begins >= 0 && !before[begins..].Contains((byte)0)) name = [0, .. before[begins..], 0];
            return true;
        }
    }
}
