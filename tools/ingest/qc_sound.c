/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_sound.h"

#include <math.h>
#include <stdlib.h>

enum condition { SILENT, ONE_SIDED, OUT_OF_PHASE, CLIPPED, CONDITIONS };

enum verdict { HOLDS, SAYS_NOTHING, CONTRADICTS };

enum {
    BLOCKS_PER_S = 10,
    CURVE_SECONDS_MOST = 12 * 3600,
    CLIPPED_LEAST = 3, /* samples of a block */
    END_BLOCKS = 2 * BLOCKS_PER_S,
};

#define SILENT_POWER      1e-6   /* -60 dBFS */
#define AUDIBLE_POWER     1e-4   /* -40 dBFS */
#define PHASE_MOST        (-0.9) /* correlation of left and right */
#define CLIPPED_SHARE     0.999  /* of full scale */
#define CUT_OFF_BELOW_LU  6.0    /* the last 0.4 s against the whole */
#define CUT_OFF_LEAST     (-40.0)
#define NOTHING_LKFS_MOST (-69.0)

/* How long a condition lasts, so far. */
struct run {
    int64_t from_us;
    int64_t to_us;
    int blocks; /* that hold it; 0: it does not */
    double sum; /* of what they say */
};

static const struct {
    enum qc_kind kind;
    int blocks_least;
    int64_t pause_us; /* of blocks that say nothing */
} CONDITION[CONDITIONS] = {
    [SILENT] = {QC_SILENCE, 0, 0}, /* as the rules say */
    [ONE_SIDED] = {QC_ONE_SIDED, 5 * BLOCKS_PER_S, 5000000},
    [OUT_OF_PHASE] = {QC_OUT_OF_PHASE, 3 * BLOCKS_PER_S, 5000000},
    [CLIPPED] = {QC_CLIPPING, 5, 3000000},
};

struct qc_sound {
    double full_scale;
    int silent_least; /* blocks */
    int64_t time_us;
    struct run runs[CONDITIONS];
    double momentary_lkfs;
    struct qc_sides sides;
    struct qc_sheet *sheet;
    int second_count;
    float seconds[CURVE_SECONDS_MOST]; /* short-term loudness */
};

/* What is to be known of a block. */
struct power {
    double left;
    double right;
    double product;
    int clipped;
};

struct qc_sound *qc_sound_create(const struct qc_rules *rules, double full_scale,
                                 struct qc_sheet *sheet)
{
    struct qc_sound *sound = calloc(1, sizeof(*sound));
    if (sound != NULL) {
        sound->sheet = sheet;
        sound->full_scale = full_scale;
        sound->silent_least = rules->silence_s * BLOCKS_PER_S;
        sound->momentary_lkfs = QC_CURVE_NOTHING;
    }
    return sound;
}

void qc_sound_destroy(struct qc_sound *sound)
{
    free(sound);
}

static struct power measure(const struct qc_block *block, double full_scale)
{
    struct power power = {0};
    const double ceiling = full_scale * CLIPPED_SHARE;
    for (int i = 0; i < block->count; i++) {
        const double left = block->samples[2 * i];
        const double right = block->samples[2 * i + 1];
        power.left += left * left;
        power.right += right * right;
        power.product += left * right;
        power.clipped += fabs(left) >= ceiling || fabs(right) >= ceiling;
    }
    power.left /= block->count;
    power.right /= block->count;
    power.product /= block->count;
    return power;
}

static bool is_quiet(const struct power *power)
{
    return power->left < AUDIBLE_POWER && power->right < AUDIBLE_POWER;
}

static bool is_opposed(const struct power *power)
{
    return power->product < PHASE_MOST * sqrt(power->left * power->right + 1e-30);
}

/* What a block says of a condition, and a number with it. */
static enum verdict judge(const struct power *power, enum condition condition, double *number)
{
    *number = 0;
    switch (condition) {
    case SILENT:
        return power->left < SILENT_POWER && power->right < SILENT_POWER ? HOLDS : CONTRADICTS;
    case ONE_SIDED:
        *number = power->right > power->left;
        return is_quiet(power)                                             ? SAYS_NOTHING
               : power->left < SILENT_POWER || power->right < SILENT_POWER ? HOLDS
                                                                           : CONTRADICTS;
    case OUT_OF_PHASE:
        return is_quiet(power) ? SAYS_NOTHING : is_opposed(power) ? HOLDS : CONTRADICTS;
    default:
        return power->clipped >= CLIPPED_LEAST ? HOLDS : SAYS_NOTHING;
    }
}

static void keep(struct qc_sound *sound, enum qc_kind kind, const struct run *run)
{
    (void)qc_sheet_add(sound->sheet, kind, run->from_us, run->to_us, run->sum / run->blocks);
}

static void end_run(struct qc_sound *sound, enum condition condition)
{
    struct run *run = &sound->runs[condition];
    const int least = condition == SILENT ? sound->silent_least : CONDITION[condition].blocks_least;
    if (run->blocks >= least) {
        keep(sound, CONDITION[condition].kind, run);
    }
    *run = (struct run){0};
}

static void follow(struct qc_sound *sound, enum condition condition, const struct power *power,
                   int64_t end_us)
{
    struct run *run = &sound->runs[condition];
    double number = 0;
    const enum verdict verdict = judge(power, condition, &number);
    const bool is_broken =
        verdict == CONTRADICTS ||
        (verdict == SAYS_NOTHING && end_us - run->to_us > CONDITION[condition].pause_us);
    if (run->blocks > 0 && is_broken) {
        end_run(sound, condition);
    }
    if (verdict == HOLDS) {
        run->from_us = run->blocks == 0 ? sound->time_us : run->from_us;
        run->to_us = end_us;
        run->blocks++;
        run->sum += number;
    }
}

static void count_sides(struct qc_sides *sides, const struct power *power)
{
    if (is_quiet(power)) {
        return;
    }
    sides->audible++;
    sides->left_only += power->right < SILENT_POWER;
    sides->right_only += power->left < SILENT_POWER;
    sides->opposed += is_opposed(power);
}

struct qc_sides qc_sound_sides(const struct qc_sound *sound)
{
    return sound->sides;
}

void qc_sound_take(struct qc_sound *sound, const struct qc_block *block)
{
    if (block->count == 0) {
        return;
    }
    const struct power power = measure(block, sound->full_scale);
    const int64_t end_us = sound->time_us + block->length_us;
    for (size_t i = 0; i < CONDITIONS; i++) {
        follow(sound, (enum condition)i, &power, end_us);
    }
    count_sides(&sound->sides, &power);
    sound->time_us = end_us;
    sound->momentary_lkfs = block->momentary_lkfs;
    if (end_us >= (int64_t)(sound->second_count + 1) * 1000000 &&
        sound->second_count < CURVE_SECONDS_MOST) {
        const double lkfs = block->short_lkfs;
        sound->seconds[sound->second_count++] =
            isfinite(lkfs) && lkfs > QC_CURVE_NOTHING ? (float)lkfs : QC_CURVE_NOTHING;
    }
}

/* The curve with no more points than there is room for: the loudest of each span. */
static void draw_curve(const struct qc_sound *sound, struct qc_sheet *sheet)
{
    sheet->curve_step_s = sound->second_count / QC_CURVE_MOST + 1;
    sheet->curve_count = 0;
    for (int i = 0; i < sound->second_count; i++) {
        const int point = i / sheet->curve_step_s;
        if (point == sheet->curve_count) {
            sheet->curve[sheet->curve_count++] = sound->seconds[i];
        }
        sheet->curve[point] = fmaxf(sheet->curve[point], sound->seconds[i]);
    }
}

/* Silence up to the end is a microphone that was switched off, or sound that was never there. */
static void end_silence(struct qc_sound *sound)
{
    struct run *run = &sound->runs[SILENT];
    if (sound->time_us == 0 || (run->blocks > 0 && run->from_us == 0)) {
        *run = (struct run){.to_us = sound->time_us, .blocks = 1};
        keep(sound, QC_NO_SOUND, run);
    } else if (run->blocks >= END_BLOCKS) {
        keep(sound, QC_SOUND_ENDS, run);
    }
    *run = (struct run){0};
}

void qc_sound_end(struct qc_sound *sound, double lkfs, double peak_dbtp)
{
    struct qc_sheet *sheet = sound->sheet;
    const bool is_cut_off = lkfs > NOTHING_LKFS_MOST && sound->momentary_lkfs > CUT_OFF_LEAST &&
                            sound->momentary_lkfs > lkfs - CUT_OFF_BELOW_LU;
    end_silence(sound);
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (sound->runs[i].blocks > 0) {
            end_run(sound, (enum condition)i);
        }
    }
    if (is_cut_off) {
        (void)qc_sheet_add(sheet, QC_CUT_OFF, sound->time_us, sound->time_us, 0);
    }
    sheet->lkfs = lkfs;
    sheet->peak_dbtp = peak_dbtp;
    draw_curve(sound, sheet);
}
