# Ends what AppHost started when AppHost itself was killed and could not.
#
# Standard input is a pipe that only AppHost holds. Its lines are "+ pid signal stamp" and "- pid"; its end means that
# AppHost is gone. The stamp is the process's start time: a pid alone may by then belong to somebody else's process.

exec >/dev/null 2>&1
trap '' HUP INT QUIT TERM
cd /
newline='
'

# Sets state, parent, group and stamp of process $1; fails when there is none.
look() {
    if [ -r /proc/self/stat ]; then
        read -r stat <"/proc/$1/stat" || return 1
        set -- ${stat##*) }
        state=$1 parent=$2 group=$3
        shift 19
        stamp=$1
    else
        set -- $(LC_ALL=C ps -o stat=,ppid=,pgid=,lstart= -p "$1")
        [ $# -gt 3 ] || return 1
        state=$1 parent=$2 group=$3
        shift 3
        stamp=$*
    fi
}

# Whether process $1 still is the one that started at $2.
lives() {
    look "$1" && [ "$stamp" = "$2" ] && case $state in Z*) false ;; esac
}

# Every process of the machine: "pid parent group stamp".
table() {
    if [ -r /proc/self/stat ]; then
        for entry in /proc/[0-9]*; do
            look "${entry#/proc/}" && echo "${entry#/proc/} $parent $group $stamp"
        done
    else
        LC_ALL=C ps -A -o pid=,ppid=,pgid=,lstart= | while read -r pid parent group stamp; do
            echo "$pid $parent $group" $stamp
        done
    fi
}

# The children on the list, all they started and all in their process groups: "pid stamp". A listed pid that lives with
# another stamp was recycled; one that is gone still names its group, since a group's id is not given out while in use.
family() {
    known=' '
    while read -r pid signal listed; do
        [ -n "$pid" ] || continue
        look "$pid" && [ "$stamp" != "$listed" ] || known="$known$pid "
    done <<LIST
$list
LIST
    all=$(table)
    before=
    while [ "$before" != "$known" ]; do
        before=$known
        while read -r pid parent group stamp; do
            case $known in
            *" $pid "*) continue ;;
            *" $parent "* | *" $group "*) known="$known$pid " ;;
            esac
        done <<ALL
$all
ALL
    done
    while read -r pid parent group stamp; do
        case $known in *" $pid "*) [ "$pid" = $$ ] || echo "$pid $stamp" ;; esac
    done <<ALL
$all
ALL
}

# Sends signal $1 to those of "$2" that still are themselves.
send() {
    while read -r pid listed; do
        [ -n "$pid" ] && lives "$pid" "$listed" && kill "-$1" "$pid"
    done <<TARGETS
$2
TARGETS
}

# Waits at most $1 tenths of a second for "$2" to be gone.
await() {
    left=$1
    while [ "$left" -gt 0 ]; do
        alive=
        while read -r pid listed; do
            [ -n "$pid" ] && lives "$pid" "$listed" && alive=1 && break
        done <<TARGETS
$2
TARGETS
        [ -n "$alive" ] || return 0
        left=$((left - 1))
        sleep 0.1
    done
    return 1
}

list=
while read -r verb child rest; do
    kept=
    while read -r entry; do
        case $entry in '' | "$child "*) ;; *) kept="$kept$entry$newline" ;; esac
    done <<LIST
$list
LIST
    list=$kept
    [ "$verb" = + ] && list="$list$child $rest$newline"
done

# Asked first: Postgres then writes its checkpoint, and its next start needs no recovery.
targets=$(family)
while read -r pid signal listed; do
    [ -n "$pid" ] && send "$signal" "$pid $listed"
done <<LIST
$list
LIST
await 30 "$targets" && exit 0

for attempt in 1 2 3; do
    targets="$targets$newline$(family)"
    send KILL "$targets"
    await 10 "$targets" && exit 0
done
exit 1
