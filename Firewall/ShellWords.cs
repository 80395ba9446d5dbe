using System.Collections.Frozen;

namespace SecureShop.Firewall;

/// <summary>The words that shells know, by how much one says where a command may stand.</summary>
internal static class ShellWords
{
    // Programs that are words of no language, or of none that a shop's texts use.
    private static readonly FrozenSet<string> Programs = Words.Set("""
        id whoami uname ls pwd ifconfig ipconfig netstat ps printenv hostname systeminfo tasklist arp lscpu lsof dmesg ss env getent df du
        uptime nproc sh bash zsh ksh dash csh nc ncat netcat curl wget ssh scp rm mv cp chmod chown chgrp chattr useradd passwd sudo su
        crontab cmd powershell pwsh certutil bitsadmin nslookup traceroute tracert telnet ftp tftp socat busybox xxd base32 base64 perl
        python python2 python3 ruby lua php node gcc awk gawk sed grep egrep tcpdump nmap openssl xargs nohup setsid mkfifo mknod rev tac dd
        tar gzip gunzip zcat strings printf eval tee ping6 wmic rundll32 regsvr32 mshta cscript wscript findstr sysctl lsblk fdisk reboot
        poweroff lsattr iptables killall pkill systemctl cat dir vim nano screen tmux strace ltrace gdb docker kubectl git apt yum apk pip
        npm mkfs mkfs.ext4 chroot doas pkexec rsync sftp arping dig whois lynx w3m aria2c jq tcsh rvim vi emacs sqlite3 mysql psql mongo
        redis-cli g++ cargo javac jshell tclsh mawk nawk stdbuf setarch unshare nsenter capsh taskset cpio zip unzip getent compgen .
        """);

    // Those that are words of English too.
    private static readonly FrozenSet<string> English = Words.Set("""
        cat ping sleep echo type more less head tail find sort cut date time who w last top host kill touch man at free read wait watch
        export source exec exit set split join test dir net start copy move del tree history mail make cal ver diff wc uniq tr od nl id
        locate which file mount expr reg sc shutdown halt let alias stat wall service install watch view fetch make go swift expect nice
        pico ed pg script links finger
        """);

    // Those that tell or do something without an argument.
    private static readonly FrozenSet<string> Alone = Words.Set("""
        id whoami uname ls pwd ifconfig ipconfig netstat ps printenv hostname systeminfo tasklist arp lscpu env df uptime ss lsof dmesg
        reboot sh bash nproc date who w dir ver set last top history time tree mount shutdown halt poweroff
        """);

    public static bool IsCommand(ReadOnlySpan<char> word) => IsProgram(word) || IsEnglish(word);

    public static bool IsProgram(ReadOnlySpan<char> word) => Programs.Has(word);

    public static bool IsEnglish(ReadOnlySpan<char> word) => English.Has(word);

    public static bool DoesSomethingAlone(ReadOnlySpan<char> word) => Alone.Has(word);
}
