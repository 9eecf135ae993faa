#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The JSON Schema of timetables, held against files by a validator of others:
# what the reader takes it takes, and what is misspelt it refuses.
. "$(dirname "$0")/../tap.sh"
export LC_ALL=C.UTF-8 LANGUAGE=

validate() {
    python3 - "$@" <<'EOF'
import json, sys, yaml, jsonschema
# Times and dates are text to the reader, whatever else they look like.
for first in list("-+0123456789"):
    yaml.SafeLoader.yaml_implicit_resolvers[first] = [
        (tag, pattern) for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(first, [])
        if tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")
    ]
schema = json.load(open(sys.argv[1], encoding="utf-8"))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
bad = 0
def plain(node):
    if isinstance(node, dict):
        return {k: int(v) if k in ("format", "lessons", "weeks") and str(v).isdigit() else plain(v) for k, v in node.items()}
    return [plain(v) for v in node] if isinstance(node, list) else node
for path in sys.argv[2:]:
    document = plain(yaml.safe_load(open(path, encoding="utf-8")))
    for error in validator(schema).iter_errors(document):
        print(f"{path}: {error.message[:200]}")
        bad += 1
sys.exit(bad > 0)
EOF
}

accepts_ours() {
    validate "$TMP/timetable.json" schedules/*.yaml schedules/samples/{xiaoxue,chuzhong,jiunian}.yaml &&
        validate "$TMP/calendar.json" schedules/samples/calendars/*.yaml
}

refuses() {
    sed "$1" schedules/samples/xiaoxue.yaml >"$TMP/bad.yaml"
    ! cmp -s "$TMP/bad.yaml" schedules/samples/xiaoxue.yaml || return 1
    ! validate "$TMP/timetable.json" "$TMP/bad.yaml" &&
        ! ketang check --station schedules/samples/station.cfg "$TMP/bad.yaml" >/dev/null
}

refuses_mistakes() {
    refuses 's/repeats: false/repaets: false/' && refuses '/^channel:/d' &&
        refuses 's/days: .周五./days: [周八]/' && refuses 's/of: 当日/pitsch: 1, of: 当日/'
}

names_the_mistake() {
    LC_ALL=C ketang schema foo 2>"$TMP/said"
    [ $? -eq 2 ] && grep -qx "ketang schema: there is no schema 'foo'; there are timetable, calendar." "$TMP/said" || return 1
    LC_ALL=C ketang schema timetable extra 2>"$TMP/said"
    [ $? -eq 2 ] && grep -qx "ketang schema: leave out 'extra'." "$TMP/said"
}

tap "a schema that there is not is named" names_the_mistake
if ! python3 -c 'import jsonschema, yaml' 2>/dev/null; then
    tap_skip "the schema takes what the reader takes" "python3-jsonschema or python3-yaml is not installed"
    tap_done
    exit
fi
ketang schema >"$TMP/timetable.json"
ketang schema calendar >"$TMP/calendar.json"
tap "the schema takes what the reader takes" accepts_ours
tap "both refuse what is misspelt" refuses_mistakes
tap_done
