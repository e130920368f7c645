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
        SqlMapper.AddTypeHandler(new MoneyHandler());
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new LocalDateHandler());
        SqlMapper.AddTypeHandler(new LocalTimeHandler());
        SqlMapper.AddTypeHandler(new TerritoryHandler());
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
        var handler = (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(IdHandler<>).MakeGenericType(type.GenericTypeArguments))!;
        SqlMapper.AddTypeHandler(type, handler);
    }

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

    private static void Set(IDbDataParameter parameter, NpgsqlDbType type, object value)
    {
        ((NpgsqlParameter)parameter).NpgsqlDbType = type;
        parameter.Value = value;
    }

    private sealed class MoneyHandler : SqlMapper.TypeHandler<Money>
    {
        public override Money Parse(object value) => new(Convert.ToInt64(value, null));
        public override void SetValue(IDbDataParameter parameter, Money value) => Set(parameter, NpgsqlDbType.Bigint, value.Cents);
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<Instant>
    {
        public override Instant Parse(object value) =>
            Instant.FromDateTimeUtc(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, Instant value) =>
            Set(parameter, NpgsqlDbType.TimestampTz, value.ToDateTimeUtc());
    }

    private sealed class LocalDateHandler : SqlMapper.TypeHandler<LocalDate>
    {
        public override LocalDate Parse(object value) =>
            value is DateOnly day ? LocalDate.FromDateOnly(day) : LocalDate.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, LocalDate value) =>
            Set(parameter, NpgsqlDbType.Date, value.ToDateOnly());
    }

    private sealed class LocalTimeHandler : SqlMapper.TypeHandler<LocalTime>
    {
        public override LocalTime Parse(object value) =>
            value is TimeOnly time ? LocalTime.FromTimeOnly(time) : LocalTime.FromTicksSinceMidnight(((TimeSpan)value).Ticks);

        public override void SetValue(IDbDataParameter parameter, LocalTime value) =>
            Set(parameter, NpgsqlDbType.Time, value.ToTimeOnly());
    }

    private sealed class TerritoryHandler : SqlMapper.TypeHandler<TerritoryId>
    {
        public override TerritoryId Parse(object value) => new((int)value);
        public override void SetValue(IDbDataParameter parameter, TerritoryId value) => Set(parameter, NpgsqlDbType.Integer, value.Value);
    }

    private sealed class IdHandler<TOf> : SqlMapper.TypeHandler<Id<TOf>> where TOf : IIdentified
    {
        public override Id<TOf> Parse(object value) => new((Guid)value);
        public override void SetValue(IDbDataParameter parameter, Id<TOf> value) => Set(parameter, NpgsqlDbType.Uuid, value.Value);
    }
}
