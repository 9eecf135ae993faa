# SPDX-License-Identifier: MIT
#
# tap.sh: what end-to-end test scripts share.  At their top:
#
#   #!/bin/bash
#   . "$(dirname "$0")/../tap.sh"
#
# and at their end: tap_done.  A test is one call of
#
#   tap "name, a sentence" command [argument...]
#
# which passes when the command succeeds; its output is shown when it does
# not.  A script may say tap_skip_all "why" before its first test.
#
# Set here: BUILD (where the programs are), TMP (a folder that is removed
# afterwards); the working folder is the top of the sources.
set -u

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
BUILD=${KETANG_BUILD:-$PWD/build}
if [ -n "${TMPDIR:-}" ]; then
    TMP=$TMPDIR
else
    TMP=$(mktemp -d)
    trap 'rm -rf "$TMP"' EXIT
fi
PATH=$BUILD:$PATH
tap_count=0
tap_failures=0

tap() {
    local name=$1 output status
    shift
    tap_count=$((tap_count + 1))
    if output=$("$@" 2>&1); then
        echo "ok $tap_count - $name"
    else
        status=$?
        echo "not ok $tap_count - $name"
        echo "# exit status $status of: $*"
        [ -n "$output" ] && printf '%s\n' "$output" | sed 's/^/# /'
        tap_failures=$((tap_failures + 1))
    fi
}

# tap_skip NAME WHY: a test that cannot run here.
tap_skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count # SKIP $1: $2"
}

tap_skip_all() {
    echo "# skip: $1"
    exit 77
}

# An engine that was held up for longer than its clock allows says so in its log:
# what was heard of it then tells nothing, and tests/run runs the script again.
tap_done() {
    echo "1..$tap_count"
    [ "$tap_failures" -eq 0 ] && exit 0
    grep -sh " alarm=interrupted " "$TMP"/*log && exit 75
    exit 1
}
