/* SPDX-License-Identifier: MIT */
#include "playout/qc_rules.h"

#include <stddef.h>

enum { LENGTHS = 3, SECONDS_MOST = 3600 };

static const struct {
    const char *name;
    enum qc_severity severity;
} KINDS[QC_KINDS] = {
    [QC_NO_SOUND] = {"no_sound", QC_WARNING},
    [QC_SOUND_ENDS] = {"sound_ends", QC_WARNING},
    [QC_SILENCE] = {"silence", QC_WARNING},
    [QC_ONE_SIDED] = {"one_sided", QC_WARNING},
    [QC_OUT_OF_PHASE] = {"out_of_phase", QC_WARNING},
    [QC_CLIPPING] = {"clipping", QC_WARNING},
    [QC_LEVEL] = {"level", QC_WARNING},
    [QC_CUT_OFF] = {"cut_off", QC_NOTE},
    [QC_DRIFT] = {"drift", QC_NOTE},
    [QC_OFFSET] = {"offset", QC_NOTE},
    [QC_BLACK] = {"black", QC_WARNING},
    [QC_STILL] = {"still", QC_NOTE},
    [QC_FLASHING] = {"flashing", QC_WARNING},
    [QC_BARS] = {"bars", QC_NOTE},
    [QC_PORTRAIT] = {"portrait", QC_NOTE},
    [QC_SMALL] = {"small", QC_NOTE},
    [QC_INTERLACED] = {"interlaced", QC_NOTE},
    [QC_SLOW] = {"slow", QC_NOTE},
    [QC_VARIABLE_RATE] = {"variable_rate", QC_NOTE},
    [QC_DAMAGE] = {"damage", QC_WARNING},
    [QC_TOO_LONG] = {"too_long", QC_WARNING},
    [QC_TOO_SHORT] = {"too_short", QC_NOTE},
};

static const char *const SEVERITIES[] = {"ignore", "note", "warning", "refuse", NULL};

const char *qc_kind_name(enum qc_kind kind)
{
    return KINDS[kind].name;
}

const char *qc_severity_name(enum qc_severity severity)
{
    return SEVERITIES[severity];
}

/* `place` is NULL when nothing is said. */
static int seconds_or(const struct settings *place, const char *key, int otherwise)
{
    return place != NULL ? (int)settings_integer_or(place, key, 1, SECONDS_MOST, otherwise)
                         : otherwise;
}

static enum qc_severity severity_or(const struct settings *place, size_t kind)
{
    const int otherwise = (int)KINDS[kind].severity;
    return (enum qc_severity)(place != NULL
                                  ? settings_word_or(place, KINDS[kind].name, SEVERITIES, otherwise)
                                  : otherwise);
}

void qc_rules_read(const struct settings *profile, struct qc_rules *rules)
{
    const char *known[QC_KINDS + LENGTHS + 1] = {"silence_s", "black_s", "still_s"};
    struct settings group;
    const struct settings *place =
        settings_has(profile, "qc") && settings_descend(profile, "qc", &group) ? &group : NULL;
    for (size_t i = 0; i < QC_KINDS; i++) {
        known[LENGTHS + i] = KINDS[i].name;
        rules->severity[i] = severity_or(place, i);
    }
    rules->silence_s = seconds_or(place, "silence_s", 10);
    rules->black_s = seconds_or(place, "black_s", 2);
    rules->still_s = seconds_or(place, "still_s", 120);
    if (place != NULL) {
        settings_check_keys(place, known);
    }
}
