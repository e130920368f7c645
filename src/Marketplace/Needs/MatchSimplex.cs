namespace Borsellino.Marketplace;

/// <summary>
/// Takes of columns as much as is worth most, each row giving one in all: the simplex method on a table in which what is taken and
/// what is left over change places. Rows give a little more than one, each another little, so that no two ends of the same way are alike.
/// </summary>
internal sealed class MatchSimplex
{
    private readonly int rows;
    private readonly int columns;
    private readonly double[] table;
    private readonly double[] gives;
    private readonly double[] gains;

    /// <summary>What stands at a row and at a column: a column by its number, or what a row has left, by the number behind all columns.</summary>
    private readonly int[] atRow;
    private readonly int[] atColumn;

    public MatchSimplex(int rows, int columns)
    {
        (this.rows, this.columns) = (rows, columns);
        (table, gives, gains) = (new double[rows * columns], new double[rows], new double[columns]);
        (atRow, atColumn) = ([.. Enumerable.Range(columns, rows)], [.. Enumerable.Range(0, columns)]);
        for (var i = 0; i < rows; i++) gives[i] = 1 + 1e-6 * ((i * 7919 % 1009) + 1) / 1009;
    }

    public void Put(int row, int column) => table[row * columns + column] = 1;

    public void Worth(int column, double worth) => gains[column] = worth;

    /// <summary>Moves while anything is gained by it, so many times at most.</summary>
    public void Run(double nothing)
    {
        for (var moves = 20 * (rows + 50); moves > 0; moves--)
        {
            var column = 0;
            for (var j = 1; j < columns; j++)
            {
                if (gains[j] > gains[column]) column = j;
            }

            if (columns == 0 || gains[column] <= nothing || Leaving(column, nothing) is not { } row) return;
            Move(row, column);
        }
    }

    public double TakenOf(int column) => Array.IndexOf(atRow, column) is var row and >= 0 ? gives[row] : 0;

    /// <summary>What one more of a row would be worth.</summary>
    public double PriceOf(int row) => Array.IndexOf(atColumn, columns + row) is var column and >= 0 ? -gains[column] : 0;

    /// <summary>The row that is used up first when more is taken of a column.</summary>
    private int? Leaving(int column, double nothing)
    {
        var (best, least) = (-1, double.MaxValue);
        for (var i = 0; i < rows; i++)
        {
            var uses = table[i * columns + column];
            if (uses <= nothing || gives[i] / uses >= least) continue;
            (best, least) = (i, gives[i] / uses);
        }

        return best < 0 ? null : best;
    }

    private void Move(int row, int column)
    {
        var pivot = table[row * columns + column];
        var from = table.AsSpan(row * columns, columns);
        for (var j = 0; j < columns; j++) from[j] /= pivot;
        gives[row] /= pivot;
        from[column] = 1 / pivot;
        for (var i = 0; i < rows; i++)
        {
            var uses = table[i * columns + column];
            if (i == row || uses == 0) continue;
            var to = table.AsSpan(i * columns, columns);
            to[column] = 0;
            for (var j = 0; j < columns; j++) to[j] -= uses * from[j];
            gives[i] -= uses * gives[row];
        }

        var gain = gains[column];
        gains[column] = 0;
        for (var j = 0; j < columns; j++) gains[j] -= gain * from[j];
        (atRow[row], atColumn[column]) = (atColumn[column], atRow[row]);
    }
}
