#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The Chinese catalogue has every message of today's sources, and programs
# find it without being installed.
. "$(dirname "$0")/../tap.sh"

complete() {
    msgmerge -q --no-fuzzy-matching -o "$TMP/merged.po" "$1" "$TMP/ketang.pot" || return 1
    msgfmt --check -o /dev/null "$TMP/merged.po" || return 1
    missing=$(msgattrib --untranslated --no-obsolete --no-wrap "$TMP/merged.po"
        msgattrib --only-fuzzy --no-obsolete --no-wrap "$TMP/merged.po")
    if [ -n "$missing" ]; then
        echo "not translated (run make po-update, then edit $1):"
        echo "$missing" | grep ^msgid | tail -n +2 | head -n 20
        return 1
    fi
}

speaks_chinese() {
    env -u LC_ALL LANG=zh_CN.UTF-8 ketang help | grep -q 用法
}

speaks_english() {
    LC_ALL=C ketang help | grep -q Usage
}

# 电视台设置文件, 编单程序, 审签, 垫播, 停止输出, 指令, and nothing else for them.
words_are_the_same_everywhere() {
    ! grep -nE '台站文件|调度程序|编播程序|审批|静音|播出命令' \
        po/zh_CN.po man/zh_CN/* README.md schedules/README.md
}

# Alarms begin so in any language: one looks for them by it.
alarms_begin_alike() {
    ! grep -nE '^(msgstr )?"！' po/zh_CN.po
}

make -s BUILD="$TMP" "$TMP/ketang.pot" || exit 1
for po in po/*.po; do
    tap "$po has every message" complete "$po"
done
tap "Chinese has one word for one thing" words_are_the_same_everywhere
tap "alarms begin with the same sign in Chinese" alarms_begin_alike
tap "a program speaks Chinese, even where the locale is not installed" speaks_chinese
tap "a program speaks English otherwise" speaks_english
tap_done
