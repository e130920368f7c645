using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using Dapper;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Borsellino.Ledger;

/// <summary>
/// How rows become records: the columns must be the parameters of the record's one constructor, all of them, in the
/// same order, with underscores for capitals. A missing, extra or reordered column throws, because a silent default
/// would be a silent zero on a balance. Registered once, by <see cref="Database"/>.
/// </summary>
internal sealed class RecordMap : SqlMapper.ITypeMap
{
    private readonly Type type;
    private readonly ConstructorInfo constructor;

    private RecordMap(Type type)
    {
        this.type = type;
        constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
    }

    private static readonly ConcurrentDictionary<Type, bool> Known = new();
    private static readonly Lock Registering = new();

    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var before = SqlMapper.TypeMapProvider;
        SqlMapper.TypeMapProvider = t => IsRecord(t) ? new RecordMap(t) : before(t);
        SqlMapper.AddTypeHandler(typeof(Money), new Handler<Money>(NpgsqlDbType.Bigint, m => m.Cents, v => new(Convert.ToInt64(v, null))));
        SqlMapper.AddTypeHandler(typeof(Instant), new Handler<Instant>(
            NpgsqlDbType.TimestampTz, i => i.ToDateTimeUtc(), v => Instant.FromDateTimeUtc(DateTime.SpecifyKind((DateTime)v, DateTimeKind.Utc))));
        SqlMapper.AddTypeHandler(typeof(LocalDate), new Handler<LocalDate>(
            NpgsqlDbType.Date, d => d.ToDateOnly(), v => v is DateOnly day ? LocalDate.FromDateOnly(day) : LocalDate.FromDateTime((DateTime)v)));
        SqlMapper.AddTypeHandler(typeof(LocalTime), new Handler<LocalTime>(
            NpgsqlDbType.Time, t => t.ToTimeOnly(),
            v => v is TimeOnly time ? LocalTime.FromTimeOnly(time) : LocalTime.FromTicksSinceMidnight(((TimeSpan)v).Ticks)));
        SqlMapper.AddTypeHandler(typeof(TerritoryId), new Handler<TerritoryId>(NpgsqlDbType.Integer, t => t.Value, v => new((int)v)));
    }

    /// <summary>
    /// Dapper finds handlers by closed type, and there is one <see cref="Id{TOf}"/> for every noun of the house: each
    /// is made known when a parameter or a row of a query first mentions it.
    /// </summary>
    public static void Know(Type type)
    {
        if (Known.ContainsKey(type)) return;
        // Dapper copies its table of handlers without a lock, and nobody may go on before the handlers are there.
        lock (Registering)
        {
            foreach (var t in type.GetProperties().Select(p => p.PropertyType).Append(type)) KnowId(Nullable.GetUnderlyingType(t) ?? t);
        }

        Known.TryAdd(type, true);
    }

    private static void KnowId(Type type)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Id<>)) return;
        var ofType = typeof(RecordMap).GetMethod(nameof(IdHandler), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.GenericTypeArguments);
        SqlMapper.AddTypeHandler(type, (SqlMapper.ITypeHandler)ofType.Invoke(null, null)!);
    }

    private static Handler<Id<TOf>> IdHandler<TOf>() where TOf : IIdentified => new(NpgsqlDbType.Uuid, i => i.Value, v => new((Guid)v));

    private static bool IsRecord(Type t) =>
        t.Namespace?.StartsWith("Borsellino", StringComparison.Ordinal) == true
        && t is { IsEnum: false, IsGenericType: false }
        && t.GetMethod("<Clone>$") is not null
        && t.GetConstructors().Any(c => c.GetParameters().Length > 0);

    public ConstructorInfo FindConstructor(string[] names, Type[] types)
    {
        var wanted = constructor.GetParameters().Select(p => Column(p.Name!)).ToArray();
        if (!names.SequenceEqual(wanted, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(
                $"{type.Name} wants the columns [{string.Join(", ", wanted)}], the query has [{string.Join(", ", names)}].");
        }

        return constructor;
    }

    public ConstructorInfo? FindExplicitConstructor() => null;

    public SqlMapper.IMemberMap GetConstructorParameter(ConstructorInfo constructor, string columnName) =>
        new Parameter(columnName, constructor.GetParameters().First(p => Column(p.Name!) == columnName));

    public SqlMapper.IMemberMap? GetMember(string columnName) => null;

    private static string Column(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    private sealed record Parameter(string ColumnName, ParameterInfo ParameterInfo) : SqlMapper.IMemberMap
    {
        public Type MemberType => ParameterInfo.ParameterType;
        public PropertyInfo? Property => null;
        public FieldInfo? Field => null;
        ParameterInfo? SqlMapper.IMemberMap.Parameter => ParameterInfo;
    }

    /// <summary>
    /// How one of our types goes to the database and comes back. Its parameter is of its type also when it is null: a statement whose parameters change
    /// their types from call to call is not prepared by the driver, and is planned anew each time.
    /// </summary>
    private sealed class Handler<T>(NpgsqlDbType type, Func<T, object> write, Func<object, T> read) : SqlMapper.ITypeHandler
    {
        public void SetValue(IDbDataParameter parameter, object value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = type;
            parameter.Value = value is T given ? write(given) : DBNull.Value;
        }

        public object? Parse(Type destinationType, object value) => read(value);
    }
}
