#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tests/run itself: a test that cannot fail is none.
. "$(dirname "$0")/../tap.sh"

# program NAME: a test program out of standard input.
program() {
    { echo '#!/bin/sh'; cat; } >"$TMP/$1"
    chmod +x "$TMP/$1"
}

program passes <<<'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
program fails <<<'echo "ok 1 - a"; echo "not ok 2 - b"; echo remember me; exit 1'
program lies <<<'echo "not ok 1 - a"; exit 0'
program crashes <<<'echo "ok 1 - a"; kill -SEGV $$'
program hangs <<<'sleep 60'
program leaves_early <<<'echo 1..3; echo "ok 1 - a"'
program skips <<<'echo "# skip: no camera"; exit 77'
program skips_one <<<'echo "ok 1 - a"; echo "ok 2 # SKIP no camera"'
program speaks_no_tap <<<'true'
program was_held_up <<<'echo x >>"$HELD_UP"; [ $(wc -l <"$HELD_UP") -eq 2 ] && echo "ok 1 - a" || { echo "not ok 1 - a"; exit 75; }'
program stands_still <<<'echo "not ok 1 - a"; exit 75'
program writes <<<'echo x >"$TMPDIR/file"; [ -d "$TMPDIR" ]'

# sums_up "LAST LINE" STATUS PROGRAM...
sums_up() {
    local wanted=$1 status=$2
    shift 2
    tests/run -t 1 -j 2 "${@/#/$TMP/}" >"$TMP/out" 2>&1
    local got=$?
    cat "$TMP/out"
    [ $got -eq "$status" ] && [ "$(tail -n 1 "$TMP/out")" = "$wanted" ]
}

shows() {
    sums_up "$1" "$2" "$4" && grep -q "$3" "$TMP/out"
}

tap "passing tests are counted" sums_up "2 passed, 0 failed" 0 passes
tap "a failing test fails the run" sums_up "3 passed, 1 failed" 1 passes fails
tap "the output of a failure is shown" shows "1 passed, 1 failed" 1 "remember me" fails
tap "a failure with exit status 0 is a failure" sums_up "0 passed, 1 failed" 1 lies
tap "a crash is a failure" sums_up "1 passed, 1 failed" 1 crashes
tap "a program that hangs is stopped" sums_up "0 passed, 1 failed" 1 hangs
tap "tests that were planned and did not run failed" sums_up "1 passed, 2 failed" 1 leaves_early
tap "skipped programs are named" shows "0 passed, 0 failed, 1 skipped" 1 "no camera" skips
tap "skipped tests are counted" sums_up "1 passed, 0 failed, 1 skipped" 0 skips_one
tap "exit status 0 without TAP is one test" sums_up "1 passed, 0 failed" 0 speaks_no_tap
export HELD_UP=$TMP/held-up
tap "what failed while the machine stood still is run again" shows "1 passed, 0 failed" 0 "run 2 times" was_held_up
tap "but not for ever" shows "0 passed, 1 failed" 1 "run 3 times" stands_still
tap "each program has a folder of its own" sums_up "1 passed, 0 failed" 0 writes
tap "a program that does not exist is a failure" sums_up "0 passed, 1 failed" 1 nowhere
tap "no test at all is a failure" sums_up "0 passed, 0 failed" 1
tap_done
