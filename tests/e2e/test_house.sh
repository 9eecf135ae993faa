#!/bin/bash
# SPDX-License-Identifier: MIT
#
# How the house is built: dependencies point down only, programs answer
# politely, and installing works.
. "$(dirname "$0")/../tap.sh"

# As the build was, whatever was committed since.
remake() {
    make -s BUILD="$BUILD" version="$(cat "$BUILD/version")" prefix=/usr "$@"
}

# no_include FOLDER LAYER...: nothing in FOLDER includes from these LAYERs.
no_include() {
    local folder=$1
    shift
    local layer
    for layer in "$@"; do
        if grep -nE "^ *# *include *[\"<]$layer" "$folder"/*.[ch]; then
            return 1
        fi
    done
}

links_no_libav() {
    [ -x "$BUILD/$1" ] || return 0
    ! ldd "$BUILD/$1" | grep -E 'libav|libsw'
}

help_fits_a_screen() {
    [ "$(ketang help | wc -l)" -le 24 ] && [ "$(ketang help | wc -L)" -le 80 ]
}

unknown_command() {
    ketang ingset >"$TMP/out" 2>"$TMP/err"
    [ $? -eq 2 ] && [ ! -s "$TMP/out" ] && grep -q "$1" "$TMP/err"
}

hands_over() {
    mkdir -p "$TMP/path"
    printf '#!/bin/sh\necho "$0 $*"\nexit 7\n' >"$TMP/path/ketang-echo"
    chmod +x "$TMP/path/ketang-echo"
    PATH=$TMP/path:$PATH ketang echo a 'b c' >"$TMP/out"
    [ $? -eq 7 ] && grep -q 'ketang-echo a b c' "$TMP/out"
}

installs_and_uninstalls() {
    remake DESTDIR="$TMP/root" install || return 1
    local wanted
    for wanted in bin/ketang share/locale/zh_CN/LC_MESSAGES/ketang.mo \
        lib/systemd/system/ketang-playout.service lib/sysusers.d/ketang.conf; do
        [ -s "$TMP/root/usr/$wanted" ] || { echo "missing: $wanted"; return 1; }
    done
    ! grep -rn '@bindir@\|@datadir@' "$TMP/root/usr/lib" || return 1
    env -u LC_ALL LANG=zh_CN.UTF-8 "$TMP/root/usr/bin/ketang" help | grep -q 用法 || return 1
    remake DESTDIR="$TMP/root" uninstall || return 1
    ! find "$TMP/root" -type f | grep .
}

units_are_valid() {
    remake DESTDIR="$TMP/units" install || return 1
    local unit
    for unit in "$TMP"/units/usr/lib/systemd/system/*.service; do
        sed -i 's|/usr/bin/ketang-[a-z]*|/bin/true|' "$unit"
    done
    systemd-analyze verify "$TMP"/units/usr/lib/systemd/system/*.service "$TMP"/units/usr/lib/systemd/system/*.slice 2>&1 |
        grep -F "$TMP" >"$TMP/complaints"
    cat "$TMP/complaints"
    [ ! -s "$TMP/complaints" ]
}

# Libraries alone: what else a build of the package needs is debhelper's business.
package_needs_what_we_need() {
    diff <(grep -oE '^(lib[a-z0-9-]*|nettle)-dev$' tools/packages | grep -v libc6 | sort) \
        <(sed -n '/^Build-Depends/,/^[A-Z]/p' debian/control | grep -oE '(lib[a-z0-9-]*|nettle)-dev' | sort)
}

units_name_pages_that_exist() {
    local page
    for page in $(sed -n 's/^Documentation=//p' tools/systemd/*.service tools/systemd/*.timer tools/systemd/*.slice |
        sed -E 's/man:([a-z-]+)\(([0-9])\)/man\/\1.\2/g'); do
        [ -s "$page" ] || { echo "no $page"; return 1; }
    done
}

help_names_variables() {
    make -s help >"$TMP/help" && grep 'STATION=FILE' "$TMP/help" | grep -q 'LESSONS=/folder'
}

tap "playout knows nothing of scheduler and tools" no_include playout scheduler tools
tap "scheduler knows nothing of tools" no_include scheduler tools
tap "playout uses no libav" no_include playout libav libsw
tap "scheduler uses no libav" no_include scheduler libav libsw
tap "the engine links no libav" links_no_libav ketang-playout
tap "the scheduler links no libav" links_no_libav ketang-scheduler
tap "the help text of ketang fits on a screen" help_fits_a_screen
tap "make help names the variables of make run" help_names_variables
tap "an unknown command gets a suggestion and status 2" unknown_command ingest
tap "ketang X runs ketang-X and returns its status" hands_over
tap "make install and make uninstall are each other's reverse" installs_and_uninstalls
tap "the package is built with the libraries of tools/packages" package_needs_what_we_need
tap "the units name manual pages that exist" units_name_pages_that_exist
if command -v systemd-analyze >/dev/null; then
    tap "the systemd units are valid" units_are_valid
else
    tap_skip "the systemd units are valid" "no systemd-analyze here"
fi
tap_done
