namespace SecureShop.ServiceDefaults;

/// <summary>
/// Texts of the validation attributes, for callers: the attributes' own name types of .NET and members of ours. The numbers in
/// braces are the attributes' bounds.
/// </summary>
public static class InputMessages
{
    /// <summary>For a range of integers.</summary>
    public const string WholeNumber = "A whole number from {1} to {2}.";

    /// <summary>For the lines of an order or a reservation.</summary>
    public const string Lines = "{1} to {2} lines.";
}
