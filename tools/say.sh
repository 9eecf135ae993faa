# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# say.sh: for scripts that tell people something, in their language; sourced
# where $build is set.
export TEXTDOMAIN=ketang TEXTDOMAINDIR=$build/locale

# say FORMAT WORD...: a line, of printf's format; without gettext in English.
say() {
    local format
    format=$(gettext "$1" 2>/dev/null) || format=$1
    shift
    # shellcheck disable=SC2059 # the format is ours, or the catalogue's
    printf "$format\\n" "$@"
}
