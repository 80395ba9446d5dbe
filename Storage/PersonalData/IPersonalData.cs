namespace SecureShop.Storage.PersonalData;

/// <summary>What a service keeps about people, for who asks for a copy of it or for its end. Both may be asked again, by any replica, at any time.</summary>
public interface IPersonalData
{
    /// <summary>All that is kept about <paramref name="subject"/>, to be written as JSON; an empty list where nothing is, null where it is more than a file should hold.</summary>
    Task<object?> ExportAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Erases it. False where something has to end first: it is asked again later, and goes on where it was.</summary>
    Task<bool> EraseAsync(string subject, CancellationToken cancellationToken);
}
