#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The Debian package in a fresh Debian: installed, used, upgraded while an
# engine runs, removed, purged.  Needs root, mmdebstrap and a mirror of Debian.
. "$(dirname "$0")/../tap.sh"

ROOT=$TMP/root
SYSTEMCTL_CALLS=$ROOT/var/log/systemctl.calls

# enter COMMAND...: becomes it, in the chroot, with a /proc that goes away with it.
enter() {
    # shellcheck disable=SC2016 # for the inner shell
    exec unshare --mount sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$ROOT" \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

in_root() {
    (enter "$@")
}

# A copy of the sources, so that build/ here is left alone.
build_package() {
    mkdir "$TMP/source"
    { git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
        find . -path ./.git -prune -o -path './build*' -prune -o -path ./var -prune -o -type f -print0; } |
        tar -c --null --files-from - | tar -x -C "$TMP/source" &&
        make -C "$TMP/source" deb >"$TMP/build.log" 2>&1 || { tail -n 30 "$TMP/build.log"; return 1; }
    cp "$TMP"/source/build/deb/ketang_*.deb "$TMP/now.deb" && cp "$TMP"/source/build/deb/* "$TMP" &&
        rm -rf "$TMP/source"
}

# The same with a higher number, and another engine.
build_next_package() {
    dpkg-deb -R "$TMP/now.deb" "$TMP/next" &&
        sed -i 's/^Version: .*/&+next/' "$TMP/next/DEBIAN/control" &&
        printf next >>"$TMP/next/usr/bin/ketang-playout" &&
        (cd "$TMP/next" && find usr lib -type f -print0 | xargs -0 md5sum >DEBIAN/md5sums) &&
        dpkg-deb --root-owner-group -b "$TMP/next" "$TMP/next.deb"
}

lintian_is_content() {
    lintian --fail-on error,warning "$TMP"/ketang_*.changes
}

make_root() {
    local name
    name=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mmdebstrap --quiet --variant=minbase "$name" "$ROOT" /etc/apt/sources.list.d/debian.sources
}

# What the package depends on, and nothing of its own; systemctl writes down what
# it is asked, and says that all is well.
install_dependencies() {
    cp /etc/resolv.conf "$ROOT/etc/" && cp "$TMP/now.deb" "$TMP/next.deb" "$ROOT/root/" &&
        in_root apt-get -qq update >"$TMP/apt.log" 2>&1 &&
        in_root apt-get -qq -o Dpkg::Use-Pty=0 install --no-install-recommends man-db >>"$TMP/apt.log" 2>&1 &&
        in_root apt-get -qq -o Dpkg::Use-Pty=0 satisfy --no-install-recommends \
            "$(dpkg-deb -f "$TMP/now.deb" Depends)" >>"$TMP/apt.log" 2>&1 || { tail "$TMP/apt.log"; return 1; }
    in_root dpkg-divert --local --rename --add /bin/systemctl >/dev/null &&
        printf '#!/bin/sh\necho "$*" >>/var/log/systemctl.calls\n' >"$ROOT/bin/systemctl" &&
        chmod +x "$ROOT/bin/systemctl" && mkdir -p "$ROOT/run/systemd/system" && files >"$TMP/files-before"
}

files() {
    (cd "$ROOT" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \
        -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log -o -path ./root \
        -o -path './etc/*-' \) -prune -o -print | LC_ALL=C sort)
}

installs() {
    : >"$SYSTEMCTL_CALLS"
    in_root dpkg -i /root/now.deb && in_root id ketang
}

starts_nothing() {
    cat "$SYSTEMCTL_CALLS"
    ! grep -E 'start|stop|enable' "$SYSTEMCTL_CALLS"
}

tells_its_version() {
    local version
    version=$(dpkg-deb -f "$TMP/now.deb" Version)
    in_root ketang --version | tee "$TMP/version" && grep -qxF "ketang $version" "$TMP/version"
}

helps_in_two_languages() {
    in_root ketang help | grep -q '^Usage: ketang' &&
        in_root env LC_ALL=zh_CN.UTF-8 ketang help | grep -q '用法'
}

checks_the_samples() {
    in_root ketang check --station /usr/share/ketang/schedules/samples/station.cfg
}

# As the README says: the station file copied, its folders as they were installed.
becomes_a_station() {
    in_root sh -ec 'cp /usr/share/doc/ketang/examples/schedules/station.cfg /etc/ketang/
        cp /usr/share/ketang/schedules/*.yaml /var/lib/ketang/timetables/
        chown -R ketang: /var/lib/ketang/timetables
        cd / && ketang check && setpriv --reuid ketang --regid ketang --clear-groups ketang plan
        setpriv --reuid ketang --regid ketang --clear-groups ketang backup
        test -s /var/lib/ketang/state/plans/zhangdian/1.yaml
        ls /var/backups/ketang/ketang-*.tar.gz'
}

units_are_valid() {
    in_root systemd-analyze verify --man=no /lib/systemd/system/ketang-playout.service \
        /lib/systemd/system/ketang-scheduler.service /lib/systemd/system/ketang-backup.service \
        /lib/systemd/system/ketang-backup.timer /lib/systemd/system/ketang-ingest@.service \
        /lib/systemd/system/ketang-ingest.slice 2>&1 | grep ketang >"$TMP/complaints"
    cat "$TMP/complaints"
    [ ! -s "$TMP/complaints" ]
}

pages_are_there() {
    in_root man -w ketang ketang-ingest ketang-demo ketang-playout ketang-scheduler ketang-backup \
        ketang-station ketang-timetable ketang-calendar ketang-plan ketang-asrun ketang-metadata &&
        in_root man -L zh_CN -w ketang | grep zh_CN
}

# The scheduler as it is; in place of the engine, which wants a slate first, something that
# has its name and is the installed program's file.
start_old_programs() {
    enter setpriv --reuid ketang --regid ketang --clear-groups \
        ketang-scheduler --station /etc/ketang/station.cfg >"$TMP/scheduler.log" 2>&1 &
    SCHEDULER=$!
    enter setpriv --reuid ketang --regid ketang --clear-groups \
        sh -c 'exec 3</usr/bin/ketang-playout; exec sleep 1000' ketang-playout >/dev/null 2>&1 &
    ENGINE=$!
    wait_for_socket
}

wait_for_socket() {
    local tries=100
    until [ -S "$ROOT/var/lib/ketang/state/run/scheduler.sock" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { cat "$TMP/scheduler.log"; return 1; }
        sleep 0.1
    done
}

both_run() {
    kill -0 "$SCHEDULER" && kill -0 "$ENGINE"
}

# What runs goes on from the file that was installed before.
upgrades() {
    : >"$SYSTEMCTL_CALLS"
    echo 'KETANG_BACKUP_KEEP=3' >>"$ROOT/etc/default/ketang"
    echo '# ours' >>"$ROOT/etc/ketang/station.cfg"
    in_root dpkg -i --force-confdef --force-confold /root/next.deb && both_run
}

upgrade_asks_systemd_for_nothing_but_to_read_units() {
    cat "$SYSTEMCTL_CALLS"
    [ -s "$SYSTEMCTL_CALLS" ] && ! grep -qv 'daemon-reload' "$SYSTEMCTL_CALLS"
}

new_program_is_there() {
    [ "$(tail -c 4 "$ROOT/usr/bin/ketang-playout")" = next ]
}

operators_files_are_kept() {
    grep -q KEEP=3 "$ROOT/etc/default/ketang" && grep -q '# ours' "$ROOT/etc/ketang/station.cfg"
}

removes() {
    : >"$SYSTEMCTL_CALLS"
    in_root dpkg -r ketang
}

removal_stops_the_engine() {
    cat "$SYSTEMCTL_CALLS"
    grep -q 'stop.*ketang-playout.service' "$SYSTEMCTL_CALLS"
}

# What removing and purging leave, as find names it.
leaves() {
    files | LC_ALL=C comm -13 "$TMP/files-before" - >"$TMP/left"
    cat "$TMP/left"
    ! grep -vE "$1" "$TMP/left"
}

lost_nothing_else() {
    files | LC_ALL=C comm -23 "$TMP/files-before" - >"$TMP/lost"
    cat "$TMP/lost"
    [ ! -s "$TMP/lost" ]
}

keeps_the_stations_data() {
    [ -s "$ROOT/var/lib/ketang/state/plans/zhangdian/1.yaml" ] && ls "$ROOT"/var/backups/ketang/ketang-*.tar.gz
}

stop_old_programs() {
    kill "$SCHEDULER" "$ENGINE" 2>/dev/null
    wait "$SCHEDULER" "$ENGINE" 2>/dev/null
}

wants() {
    command -v "$1" >/dev/null || tap_skip_all "$1 is not installed"
}

[ "$(id -u)" -eq 0 ] || tap_skip_all "a chroot needs root"
wants mmdebstrap
wants unshare
[ -e /etc/apt/sources.list.d/debian.sources ] || tap_skip_all "there is no /etc/apt/sources.list.d/debian.sources"
make_root 2>"$TMP/mmdebstrap.log" || tap_skip_all "mmdebstrap reaches no mirror: $(tail -n 1 "$TMP/mmdebstrap.log")"

tap "make deb builds a package" build_package
tap "and a next one" build_next_package
if command -v lintian >/dev/null; then
    tap "lintian finds no error and no warning" lintian_is_content
else
    tap_skip "lintian finds no error and no warning" "lintian is not installed"
fi
tap "a fresh Debian has what it depends on" install_dependencies
if [ $tap_failures -gt 0 ]; then
    tap_done # the others would only say that it is not installed
fi
tap "it installs, and makes the user ketang" installs
tap "installing starts and enables nothing" starts_nothing
tap "ketang --version tells the package's version" tells_its_version
tap "ketang help speaks English and Chinese" helps_in_two_languages
tap "the samples are without errors" checks_the_samples
tap "systemd finds nothing wrong with the units" units_are_valid
tap "all pages are found, the Chinese one, too" pages_are_there
tap "a station is made of the examples, planned and backed up" becomes_a_station
start_old_programs
tap "a scheduler and an engine run" both_run
tap "an upgrade leaves them running" upgrades
tap "an upgrade asks systemd for nothing but to read its units" upgrade_asks_systemd_for_nothing_but_to_read_units
tap "the new program is there for their next start" new_program_is_there
tap "what operators changed is kept" operators_files_are_kept
tap "removing it works" removes
tap "removing it stops the engine first" removal_stops_the_engine
stop_old_programs
tap "the station's data are kept" keeps_the_stations_data
tap "nothing else is left but configuration" leaves \
    '^./etc/(default|needrestart|ketang)(/|$)|^./var/(lib|backups)/ketang(/|$)|^./var/lib/systemd/deb-systemd-helper-|^./var/lib/systemd$'
tap "purging it works" in_root dpkg -P ketang
tap "after that only the operators' files are left" leaves \
    '^./etc/ketang(/station.cfg)?$|^./var/(lib|backups)/ketang(/|$)|^./var/lib/systemd$'
tap "nothing of others is lost" lost_nothing_else
tap_done
