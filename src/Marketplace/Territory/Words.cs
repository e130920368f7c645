namespace Borsellino.Marketplace;

/// <summary>A text in both languages of the pages, written by whoever publishes it.</summary>
public readonly record struct Words(string It, string En)
{
    /// <summary>The English text where there is one and it is asked for, the Italian one otherwise.</summary>
    public string In(bool english) => english && En.Length > 0 ? En : It;

    public override string ToString() => It;
}
