#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Workers and a PostgreSQL that goes away and comes back, and machines whose clocks are wrong:
# nothing is made twice, nothing is lost.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_postgres.sh
. tests/e2e/lib_station.sh
. tests/e2e/lib_jobs.sh
export LC_ALL=C.UTF-8 LANGUAGE=

[ -n "$POSTGRES_BIN" ] || tap_skip_all "PostgreSQL's server is not installed (Debian: postgresql)"

# begin NUMBER OPTION...: hands a film in, and starts a worker, whose log is $TMP/begun; $child.
begin() {
    local number=$1
    shift
    film "$number.mp4" "$LENGTH" $((400 + ${#number} * 20)) &&
        ketang submit --house-number "$number" "$CLIPS/$number.mp4" || return 1
    (worker --preset slower "$@") 2>"$TMP/begun" &
    child=$!
    wait_for 60 grep -q "job_begin.*\"$number\"" "$TMP/begun"
}

end() {
    kill -TERM $child
    wait $child
    cat "$TMP/begun"
}

is_over() { grep -qE "event=job_(done|dropped|failed|put_back)" "$TMP/begun"; }

is_made_once() { # NUMBER
    [ "$(jobs state "$1")" = "done" ] && [ "$(jobs submission "$1")" = accepted ] && [ "$(assets_of "$1")" -eq 1 ] &&
        is_tidy && ! compgen -G "$MEDIA/.ingest-*"
}

# Away for a moment in the middle of a film: the worker waits.
is_waited_for() {
    LENGTH=20 begin AWAY-1 || return 1
    postgres_stop immediate
    wait_for 60 grep -q "event=store doing=" "$TMP/begun" || return 1
    postgres_start || return 1
    wait_for 120 is_over
    end
    grep -q "event=job_done .*AWAY-1" "$TMP/begun" && [ "$(jobs claims AWAY-1)" -eq 1 ] && is_made_once AWAY-1
}

# Away for longer than a worker may be silent: it stops, and begins again when it can.
is_begun_again() {
    LENGTH=60 begin AWAY-22 --lost-after 5 || return 1
    postgres_stop immediate
    wait_for 60 grep -q "event=job_dropped" "$TMP/begun" || { cat "$TMP/begun"; return 1; }
    end
    [ "$(assets_of AWAY-22)" -eq 0 ] && is_tidy || return 1
    postgres_start || return 1
    sleep 5
    work_off --lost-after 5
    cat "$TMP/work"
    [ "$(jobs claims AWAY-22)" -eq 2 ] && [ "$(jobs lost AWAY-22)" -eq 1 ] && is_made_once AWAY-22
}

# A clock that is SHIFT seconds wrong, for one program.
make_wrong_clock() {
    cat >"$TMP/clock.c" <<'END'
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *now)
{
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const int result = real(clock, now);
    now->tv_sec += clock == CLOCK_REALTIME ? atol(getenv("SHIFT")) : 0;
    return result;
}
END
    "${CC:-cc}" -D_GNU_SOURCE -shared -fPIC -w -o "$TMP/clock.so" "$TMP/clock.c"
}

wrong_by() { # SECONDS COMMAND...
    SHIFT=$1 LD_PRELOAD=$TMP/clock.so${LD_PRELOAD:+:$LD_PRELOAD} "${@:2}"
}

# Neither does one that is ahead take what another is at, nor is one that is behind robbed.
clocks_do_not_count() {
    local shift number=CLOCK-1
    for shift in 7200 -7200; do
        number=${number}1
        film "$number.mp4" 40 $((500 + shift / 50)) && ketang submit --house-number "$number" "$CLIPS/$number.mp4" || return 1
        (wrong_by $shift worker) 2>"$TMP/begun" &
        child=$!
        wait_for 60 grep -q "job_begin.*\"$number\"" "$TMP/begun" || return 1
        work_off || return 1
        (wrong_by $((-shift)) worker --once) 2>"$TMP/other" || return 1
        wait_for 120 is_over
        end
        cat "$TMP/work" "$TMP/other"
        ! grep -q job_begin "$TMP/work" "$TMP/other" && [ "$(jobs claims $number)" -eq 1 ] && is_made_once $number || return 1
    done
}

postgres_start >"$TMP/start" 2>&1 # not in a subshell: it sets CONNINFO
tap "a server starts" test $? -eq 0
station_make && cp schedules/*.yaml "$TMP/schedules/" || exit 1
sed -i "s#approval_stages = 0;#& store = \"$CONNINFO\";#" "$STATION"
export KETANG_STATION=$STATION
tap "a slate is made" ketang ingest --slate
tap "a server that is away for a moment is waited for" is_waited_for
tap "what a worker could not keep is made again, once" is_begun_again
if make_wrong_clock; then
    tap "wrong clocks neither steal nor lose jobs" clocks_do_not_count
else
    tap_skip "wrong clocks neither steal nor lose jobs" "no C compiler"
fi
tap_done
