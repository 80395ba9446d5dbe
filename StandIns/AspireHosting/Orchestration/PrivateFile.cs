using System.Text;

namespace SecureShop.StandIns.AspireHosting.Orchestration;

/// <summary>Files with secrets.</summary>
internal static class PrivateFile
{
    /// <summary>Replaces a file in one step. It is never readable by others, not even while it is written.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new HostingException($"{path} cannot be written ({problem.Message}): free the disk, mend the folder's rights, or choose another folder.", problem);
        }
    }
}
