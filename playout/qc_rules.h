/* SPDX-License-Identifier: MIT */
/*
 * qc_rules: what the technical review (技审) of a film looks for, and how grave
 * each finding is in a house format.
 *
 * The group `qc` of a profile; ingest looks at it, the engine does not.
 */
#ifndef PLAYOUT_QC_RULES_H
#define PLAYOUT_QC_RULES_H

#include "playout/settings.h"

enum qc_kind {
    /* sound */
    QC_NO_SOUND,     /* none from beginning to end */
    QC_SOUND_ENDS,   /* before the picture does */
    QC_SILENCE,      /* in between */
    QC_ONE_SIDED,    /* on the left or on the right only */
    QC_OUT_OF_PHASE, /* left and right cancel each other out in one loudspeaker */
    QC_CLIPPING,     /* recorded too loud */
    QC_LEVEL,        /* so quiet, or so uneven, that the house loudness is not reached */
    QC_CUT_OFF,      /* ends in the middle of a sound */
    QC_DRIFT,        /* runs faster or slower than the picture */
    QC_OFFSET,       /* begins earlier or later than the picture */
    /* picture */
    QC_BLACK,
    QC_STILL,
    QC_FLASHING,      /* an estimate of what is dangerous in photosensitive epilepsy */
    QC_BARS,          /* black bars within it */
    QC_PORTRAIT,      /* higher than wide */
    QC_SMALL,         /* fewer lines than the house format */
    QC_INTERLACED,    /* and the house format is not */
    QC_SLOW,          /* fewer pictures a second than the house format */
    QC_VARIABLE_RATE, /* pictures at no regular times */
    /* file */
    QC_DAMAGE,    /* parts of it cannot be decoded */
    QC_TOO_LONG,  /* for its slot */
    QC_TOO_SHORT, /* likewise, by more than half */
    QC_KINDS
};

enum qc_severity {
    QC_IGNORE,
    QC_NOTE,    /* in the report */
    QC_WARNING, /* told to whoever hands it in */
    QC_REFUSE,  /* the film is not taken */
};

struct qc_rules {
    enum qc_severity severity[QC_KINDS];
    int silence_s; /* as a finding, silence lasts so long at least; the following likewise */
    int black_s;
    int still_s;
};

/* Reads the group `qc` of a profile, which may be missing, and what is missing in it. */
void qc_rules_read(const struct settings *profile, struct qc_rules *rules);

/* "sound_ends": the key in the station file, and in reports. */
const char *qc_kind_name(enum qc_kind kind);

/* "warning" */
const char *qc_severity_name(enum qc_severity severity);

#endif
