#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Completion in bash: what is offered behind a line that somebody has begun.
. "$(dirname "$0")/../tap.sh"
. tests/e2e/lib_station.sh
export LC_ALL=C.UTF-8 LANGUAGE=
. tools/ketang.bash-completion

station_make
export KETANG_STATION=$STATION

# offers LINE [WORD...]: exactly these, in any order, for the last word of LINE.
offers() {
    local -a line
    mapfile -t line < <(tr ' ' '\n' <<<"$1")
    shift
    COMP_WORDS=("${line[@]}")
    COMP_CWORD=$((${#line[@]} - 1))
    COMPREPLY=()
    _ketang
    diff <(printf '%s\n' "$@" | sort) <(printf '%s\n' "${COMPREPLY[@]}" | sort)
}

offers_all_commands() {
    mapfile -t commands < <(ketang help --commands)
    [ ${#commands[@]} -gt 30 ] && offers "ketang " "${commands[@]}" help --help --version
}

# Every option that --help tells of, for every command.
offers_all_options() {
    local command failed=0
    for command in $(ketang help --commands); do
        mapfile -t told < <(ketang "$command" --help | grep -oE '(^|[^a-z-])--[a-z][a-z-]*' |
            grep -oE -e '--[a-z-]+' | sort -u | grep -v '^--help$')
        offers "ketang $command --" "${told[@]}" --help || {
            echo "$command"
            failed=1
        }
    done
    return $failed
}

# The station that is named on the line, not the one that is meant else.
offers_channels_of_the_line() {
    offers "ketang slate --station schedules/samples/station.cfg " xiaoxue chuzhong jiunian
}

offers_house_numbers() {
    cp -R schedules/*.yaml "$TMP/schedules"
    offers "ketang insert zhangdian KT-0" KT-0{1..8} KT-09
}

offers_dates() {
    offers "ketang freeze zhangdian $(date +%Y-%m-%d)" "$(date +%Y-%m-%d)"
}

speaks_chinese_and_completes() {
    LC_ALL=C.UTF-8 LANGUAGE=zh_CN offers "ketang report --format " text csv xlsx html
}

is_loaded_by_name() {
    make -s BUILD="$BUILD" version="$(cat "$BUILD/version")" prefix=/usr DESTDIR="$TMP/root" install >/dev/null || return 1
    bash -c '. /usr/share/bash-completion/bash_completion; BASH_COMPLETION_USER_DIR=$0/share/bash-completion _completion_loader ketang; complete -p ketang' \
        "$TMP/root/usr" | grep -q _ketang
}

# A district's timetable may hold anything: names are offered, never run.
names_are_not_run() {
    (
        . tools/ketang.bash-completion
        COMPREPLY=()
        _ketang_names K < <(printf '%s\n' KT-01 "K\$(touch $TMP/run)" "K\`touch $TMP/run\`" 'K{1..3}' KT-语文 X)
        [ "${COMPREPLY[*]}" = 'KT-01 KT-语文' ] && [ ! -e "$TMP/run" ]
    )
}

tap "commands: all that there are" offers_all_commands
tap "options: all that --help tells of, for every command" offers_all_options
tap "a command that is begun" offers "ketang appro" approve approvals
tap "nothing for what there is not" offers "ketang slate nowhere" ""
tap "channels of the station file" offers "ketang slate " zhangdian zhoucun linzi huantai gaoqing
tap "channels of a station file that the line names" offers_channels_of_the_line
tap "channels, or all of them" offers "ketang verify " zhangdian zhoucun linzi huantai gaoqing all
tap "channels of ready" offers "ketang ready z" zhangdian zhoucun
tap "channels for an option" offers "ketang report --day 2026-11-23 --channel h" huantai
tap "transports" offers "ketang render --transport z" zhangdian zhoucun
tap "house formats" offers "ketang ingest --profile hd" hd hd-720p50
tap "the second operand" offers "ketang replace zhangdian n" next
tap "house numbers" offers_house_numbers
tap "values that the usage names" offers "ketang asrun zhangdian --format " text csv xml
tap "values that the list of options names" offers "ketang ingest --kind " lesson filler card
tap "actions" offers "ketang store re" restore rebuild
tap "weeks" offers "ketang import 课表.xlsx --week 2" 2 2{0..5}
tap "dates" offers_dates
tap "timetables and folders" offers "ketang check schedules/z" schedules/zhangdian.yaml schedules/zhoucun.yaml
tap "station files" offers "ketang check --station schedules/st" schedules/station.cfg
tap "files of any kind" offers "ketang monitor tests/media/sm" tests/media/small-640x360.mp4
tap "the same where programs speak Chinese" speaks_chinese_and_completes
if [ -e /usr/share/bash-completion/bash_completion ]; then
    tap "bash-completion finds it by its name" is_loaded_by_name
else
    tap_skip "bash-completion finds it by its name" "bash-completion is not installed"
fi
if command -v shellcheck >/dev/null; then
    tap "names that others wrote are not run" names_are_not_run
tap "shellcheck finds nothing" shellcheck tools/ketang.bash-completion tools/ketang-backup debian/ketang.p*
else
    tap_skip "shellcheck finds nothing" "shellcheck is not installed"
fi
tap_done
