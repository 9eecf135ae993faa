/* SPDX-License-Identifier: MIT */
/*
 * Between two events (an arrival begins or ends, a buffer fills or drains,
 * an access unit's time comes, a run of bytes gives way to the next) every
 * level rises or falls by the same amount in each step of one byte of time.
 * So the decoder is not stepped: a stretch of steps is planned, as long as
 * nothing can change, and taken at once, with the same numbers that single
 * steps would have given.
 */
#include "tools/meter/tstd.h"

#include "tools/meter/tstd_queue.h"

#include <inttypes.h>
#include <stdlib.h>

/* A stretch has at most 2^29 steps; times a rate below 2^33 that fits. */
enum { UNITS = 1024, STEPS_MAX = 1 << 29 };

struct unit {
    int64_t removal;
    int64_t fed;       /* bytes that have entered TB ... */
    int64_t delivered; /* ... and, in parts, what of them has reached B */
    int64_t held;      /* parts in B now */
    bool is_removed;
    bool is_told; /* its underflow has been reported */
};

/* One buffer; all in parts of a byte. */
struct buffer {
    enum ts_kind kind;
    const char *name;
    int64_t size;
    int64_t level;
    int64_t peak;
    int64_t empty_at; /* when it was last seen empty */
    bool is_over;
};

struct tstd {
    struct tstd_model model;
    struct ts_report *report;
    int64_t now; /* bytes of the stream that have arrived */
    struct buffer tb;
    struct tstd_queue tb_queue;
    struct buffer mb; /* its level is that of data only */
    int64_t mb_headers;
    struct tstd_queue mb_queue;
    struct buffer b;
    struct unit *arriving;    /* gains a byte in each step; or NULL */
    struct unit units[UNITS]; /* by number modulo UNITS */
    int64_t oldest;           /* number of the oldest that is kept */
    int64_t next_removed;     /* number of the next to be taken out */
    int64_t known;            /* numbers below it have a place in units[] */
    bool is_beyond;           /* more units wait than there is room for */
};

/* Steps in which nothing changes, and what flows in each, in parts. */
struct stretch {
    int64_t steps;
    int64_t arrival;
    int64_t tb_out;
    int64_t data; /* of that, what goes on: data ... */
    int64_t headers;
    int64_t mb_out;
    int64_t b_in;
    int64_t b_out; /* by the leak of Bsys */
};

struct tstd *tstd_create(const struct tstd_model *model, struct ts_report *report)
{
    struct tstd *tstd = calloc(1, sizeof(*tstd));
    if (tstd != NULL) {
        const int64_t parts = model->rate_bps;
        tstd->model = *model;
        tstd->report = report;
        tstd->tb = (struct buffer){TS_TB, "TB, bytes", TSTD_TB_SIZE * parts, 0, 0, 0, false};
        tstd->mb = (struct buffer){TS_MB, "MB, bytes", model->mb_size * parts, 0, 0, 0, false};
        tstd->b =
            (struct buffer){TS_B, "B, EB or Bsys, bytes", model->b_size * parts, 0, 0, 0, false};
    }
    return tstd;
}

void tstd_destroy(struct tstd *tstd)
{
    if (tstd != NULL) {
        tstd_queue_finish(&tstd->tb_queue);
        tstd_queue_finish(&tstd->mb_queue);
        free(tstd);
    }
}

static void problem(const struct tstd *tstd, enum ts_kind kind, const char *what, int64_t value,
                    int64_t limit)
{
    ts_report_problem(tstd->report, kind, tstd->now / 188, tstd->model.pid,
                      "%s: %" PRId64 ", limit %" PRId64, what, value, limit);
}

static int64_t bytes_of(const struct tstd *tstd, int64_t parts)
{
    return (parts + tstd->model.rate_bps - 1) / tstd->model.rate_bps;
}

static bool has_mb(const struct tstd *tstd)
{
    return tstd->model.mb_size > 0;
}

/* Access units are taken out of B; else it leaks. */
static bool has_units(const struct tstd *tstd)
{
    return tstd->model.rb_bps == 0;
}

static void push(struct tstd *tstd, struct tstd_queue *queue, const struct tstd_run *run)
{
    if (!tstd_queue_push(queue, run)) {
        ts_report_ungraded(tstd->report, "out of memory");
    }
}

/* --- Access units ---------------------------------------------------------- */

static struct unit *unit_of(struct tstd *tstd, int64_t number)
{
    while (tstd->known <= number) {
        tstd->units[tstd->known % UNITS] = (struct unit){.removal = INT64_MAX};
        tstd->known++;
    }
    return &tstd->units[number % UNITS];
}

static bool is_delivered(const struct tstd *tstd, const struct unit *unit)
{
    return unit->delivered >= unit->fed * tstd->model.rate_bps;
}

/* Makes room for `number`; false when too many wait. */
static bool has_room(struct tstd *tstd, int64_t number)
{
    while (tstd->oldest < tstd->next_removed) {
        if (!is_delivered(tstd, &tstd->units[tstd->oldest % UNITS]) || tstd->oldest >= number) {
            break;
        }
        tstd->oldest++;
    }
    if (!tstd->is_beyond && number >= tstd->oldest + UNITS) {
        tstd->is_beyond = true;
        ts_report_ungraded(tstd->report, "pid 0x%04x: buffers, more than %d access units wait",
                           (unsigned)tstd->model.pid, UNITS);
    }
    return !tstd->is_beyond;
}

static void remove_unit(struct tstd *tstd, struct unit *unit)
{
    if (!is_delivered(tstd, unit) && !unit->is_told) {
        unit->is_told = true;
        problem(tstd, TS_UNDERFLOW, "bytes of an access unit that are under way at its time",
                unit->fed - unit->delivered / tstd->model.rate_bps, 0);
    }
    tstd->b.level -= unit->held;
    unit->held = 0;
    unit->is_removed = true;
    tstd->next_removed++;
}

static int64_t next_removal(const struct tstd *tstd)
{
    return tstd->next_removed < tstd->known ? tstd->units[tstd->next_removed % UNITS].removal
                                            : INT64_MAX;
}

static void remove_units(struct tstd *tstd)
{
    while (next_removal(tstd) <= tstd->now) {
        remove_unit(tstd, &tstd->units[tstd->next_removed % UNITS]);
    }
}

static void judge_arrival(struct tstd *tstd, struct unit *unit)
{
    if (unit->is_removed && !unit->is_told) {
        unit->is_told = true;
        problem(tstd, TS_UNDERFLOW, "bytes after the access unit's time", tstd->now - unit->removal,
                0);
    }
}

/* --- Planning a stretch ---------------------------------------------------- */

/* At most so many steps as `each` of them fits into `whole`; one at least. */
static void cap(int64_t *steps, int64_t whole, int64_t each)
{
    if (each > 0 && *steps * each > whole) {
        *steps = whole / each > 1 ? whole / each : 1;
    }
}

/* What a leak takes in each step from a level that gains `in` in each. */
static int64_t plan_leak(int64_t level, int64_t in, int64_t rate, int64_t *steps)
{
    if (level + in >= rate) {
        cap(steps, level, rate - in);
        return rate;
    }
    if (level > 0) {
        *steps = 1;
    }
    return level + in;
}

/* Stops where a level that is `first` after one step goes over its size. */
static void stop_at_crossing(const struct buffer *buffer, int64_t first, int64_t rise,
                             int64_t *steps)
{
    const bool may_cross = !buffer->is_over || first <= buffer->size;
    if (may_cross && first + (*steps - 1) * rise > buffer->size) {
        *steps = first > buffer->size ? 1 : (buffer->size - first) / rise + 2;
    }
}

/* Stops where a buffer has not been empty for just over a second. */
static void stop_at_second(const struct tstd *tstd, const struct buffer *buffer, int64_t *steps)
{
    if (buffer->level > 0) {
        const int64_t second = tstd->model.rate_bps / 8;
        cap(steps, buffer->empty_at + second + 1 - tstd->now, 1);
    }
}

/* The roles of what leaves TB in one step. */
static void sort_step(const struct tstd *tstd, struct stretch *stretch)
{
    int64_t rest = stretch->tb_out;
    const struct tstd_run *run = NULL;
    for (size_t i = 0; rest > 0 && (run = tstd_queue_at(&tstd->tb_queue, i)) != NULL; i++) {
        const int64_t parts = run->parts < rest ? run->parts : rest;
        stretch->data += run->role == TSTD_DATA ? parts : 0;
        stretch->headers += run->role == TSTD_HEADER ? parts : 0;
        rest -= parts;
    }
}

static void plan_tb(const struct tstd *tstd, struct stretch *stretch)
{
    const struct buffer *tb = &tstd->tb;
    stretch->tb_out = plan_leak(tb->level, stretch->arrival, tstd->model.rx_bps, &stretch->steps);
    const int64_t rise = stretch->arrival - stretch->tb_out;
    stop_at_crossing(tb, tb->level + rise, rise, &stretch->steps);
    stop_at_second(tstd, tb, &stretch->steps);
    const struct tstd_run *first = tstd_queue_first(&tstd->tb_queue);
    if (stretch->tb_out > 0 && first != NULL) {
        cap(&stretch->steps, first->parts, stretch->tb_out);
        sort_step(tstd, stretch);
    }
}

static void plan_mb(const struct tstd *tstd, struct stretch *stretch)
{
    const struct buffer *mb = &tstd->mb;
    const int64_t space = tstd->b.size - tstd->b.level;
    if (space > 0) {
        const int64_t out =
            plan_leak(mb->level, stretch->data, tstd->model.rbx_bps, &stretch->steps);
        cap(&stretch->steps, space, out);
        stretch->mb_out = out < space ? out : space;
    }
    /* A header leaves with the byte behind it: no further than to there. */
    const struct tstd_run *first = tstd_queue_first(&tstd->mb_queue);
    if (tstd->mb_headers > 0 && stretch->mb_out > 0) {
        cap(&stretch->steps, first->role == TSTD_DATA ? first->parts : 0, stretch->mb_out);
    }
    const int64_t in = stretch->data + stretch->headers;
    stop_at_crossing(mb, mb->level + tstd->mb_headers + in, in - stretch->mb_out, &stretch->steps);
    stop_at_second(tstd, mb, &stretch->steps);
}

static void plan_b(const struct tstd *tstd, struct stretch *stretch)
{
    const struct buffer *b = &tstd->b;
    stretch->b_in = has_mb(tstd) ? stretch->mb_out : stretch->data + stretch->headers;
    if (!has_units(tstd)) {
        stretch->b_out = plan_leak(b->level, stretch->b_in, tstd->model.rb_bps, &stretch->steps);
    }
    stop_at_crossing(b, b->level + stretch->b_in, stretch->b_in - stretch->b_out, &stretch->steps);
}

/* --- Taking it ------------------------------------------------------------- */

/* A level against its size; told once each time it goes over. */
static void judge_level(const struct tstd *tstd, struct buffer *buffer, int64_t level)
{
    buffer->peak = level > buffer->peak ? level : buffer->peak;
    if (level <= buffer->size) {
        buffer->is_over = false;
    } else if (!buffer->is_over) {
        buffer->is_over = true;
        problem(tstd, buffer->kind, buffer->name, bytes_of(tstd, level),
                buffer->size / tstd->model.rate_bps);
    }
}

/* Levels run straight from the first step to the last. */
static void judge_ends(const struct tstd *tstd, struct buffer *buffer, int64_t first, int64_t last)
{
    judge_level(tstd, buffer, first);
    judge_level(tstd, buffer, last);
}

static void judge_empty(const struct tstd *tstd, struct buffer *buffer, const char *what)
{
    const int64_t second = tstd->model.rate_bps / 8;
    if (buffer->level == 0) {
        buffer->empty_at = tstd->now;
    } else if (tstd->now - buffer->empty_at > second) {
        problem(tstd, TS_NOT_EMPTY, what, 1000, 1000);
        buffer->empty_at = tstd->now;
    }
}

static void into_b(struct tstd *tstd, const struct tstd_run *run)
{
    if (has_units(tstd)) {
        struct unit *unit = unit_of(tstd, run->unit);
        unit->delivered += run->parts;
        if (unit->is_removed) {
            return; /* too late: told when it arrived */
        }
        unit->held += run->parts;
    }
    tstd->b.level += run->parts;
}

static void out_of_tb(struct tstd *tstd, int64_t parts)
{
    while (parts > 0 && tstd->tb_queue.used > 0) {
        const struct tstd_run run = tstd_queue_pop(&tstd->tb_queue, parts);
        parts -= run.parts;
        if (run.role == TSTD_PACKET) {
            continue;
        }
        if (!has_mb(tstd)) {
            into_b(tstd, &run);
            continue;
        }
        push(tstd, &tstd->mb_queue, &run);
        if (run.role == TSTD_HEADER) {
            tstd->mb_headers += run.parts;
        } else {
            tstd->mb.level += run.parts;
        }
    }
}

static void out_of_mb(struct tstd *tstd, int64_t parts)
{
    while (parts > 0 && tstd->mb_queue.used > 0) {
        const bool is_header = tstd_queue_first(&tstd->mb_queue)->role == TSTD_HEADER;
        const struct tstd_run run = tstd_queue_pop(&tstd->mb_queue, is_header ? INT64_MAX : parts);
        if (is_header) {
            tstd->mb_headers -= run.parts;
            continue;
        }
        parts -= run.parts;
        tstd->mb.level -= run.parts;
        into_b(tstd, &run);
    }
}

static void take_mb(struct tstd *tstd, const struct stretch *stretch, int64_t before)
{
    const int64_t in = stretch->data + stretch->headers;
    const int64_t rise = in - stretch->mb_out;
    judge_ends(tstd, &tstd->mb, before + in, before + in + (stretch->steps - 1) * rise);
    out_of_mb(tstd, stretch->steps * stretch->mb_out);
    judge_empty(tstd, &tstd->mb, "MB was not empty for so many ms");
}

static void take(struct tstd *tstd, const struct stretch *stretch)
{
    const int64_t steps = stretch->steps;
    const int64_t rise = stretch->arrival - stretch->tb_out;
    const int64_t tb = tstd->tb.level;
    const int64_t mb = tstd->mb.level + tstd->mb_headers;
    const int64_t b = tstd->b.level;
    tstd->now += steps;
    if (tstd->arriving != NULL) {
        tstd->arriving->fed += steps;
    }
    tstd->tb.level += steps * rise;
    judge_ends(tstd, &tstd->tb, tb + rise, tstd->tb.level);
    judge_empty(tstd, &tstd->tb, "TB was not empty for so many ms");
    out_of_tb(tstd, steps * stretch->tb_out);
    if (has_mb(tstd)) {
        take_mb(tstd, stretch, mb);
    }
    if (has_units(tstd)) {
        judge_ends(tstd, &tstd->b, b + (tstd->b.level - b) / steps, tstd->b.level);
        remove_units(tstd);
    } else {
        judge_ends(tstd, &tstd->b, b + stretch->b_in, tstd->b.level - (steps - 1) * stretch->b_out);
        tstd->b.level -= steps * stretch->b_out;
    }
}

/* Takes a stretch of up to `most` steps, in each of which `arrival` parts come in. */
static int64_t move_on(struct tstd *tstd, int64_t most, int64_t arrival)
{
    struct stretch stretch = {.steps = most < STEPS_MAX ? most : STEPS_MAX, .arrival = arrival};
    const int64_t removal = next_removal(tstd);
    if (removal - tstd->now < stretch.steps) {
        stretch.steps = removal > tstd->now ? removal - tstd->now : 1;
    }
    plan_tb(tstd, &stretch);
    if (has_mb(tstd)) {
        plan_mb(tstd, &stretch);
    }
    plan_b(tstd, &stretch);
    take(tstd, &stretch);
    return stretch.steps;
}

/* Time passes without an arrival. */
static void advance(struct tstd *tstd, int64_t to)
{
    while (tstd->now < to) {
        move_on(tstd, to - tstd->now, 0);
    }
}

void tstd_unit(struct tstd *tstd, int64_t number, int64_t removal)
{
    if (has_room(tstd, number)) {
        unit_of(tstd, number)->removal = removal;
    }
}

void tstd_feed(struct tstd *tstd, int64_t first_byte, int count, enum tstd_role role,
               int64_t number)
{
    const bool is_of_unit = has_units(tstd) && role != TSTD_PACKET;
    /* A PES header is held with a unit in B, and lost in front of EB. */
    const bool is_held = is_of_unit && (role == TSTD_DATA || !has_mb(tstd));
    if (is_of_unit && !has_room(tstd, number)) {
        return;
    }
    advance(tstd, first_byte);
    tstd->arriving = is_held ? unit_of(tstd, number) : NULL;
    /* Nothing of the run leaves before it has arrived: the level sees to that. */
    push(tstd, &tstd->tb_queue,
         &(struct tstd_run){.role = role, .unit = number, .parts = count * tstd->model.rate_bps});
    for (int64_t left = count; left > 0;) {
        if (tstd->arriving != NULL) {
            judge_arrival(tstd, tstd->arriving);
        }
        left -= move_on(tstd, left, tstd->model.rate_bps);
    }
    tstd->arriving = NULL;
}

void tstd_finish(struct tstd *tstd, int64_t whole_units)
{
    /* Of older ones only what is still kept. */
    const int64_t first = whole_units > tstd->oldest ? whole_units : tstd->oldest;
    for (int64_t number = first; number < tstd->known; number++) {
        tstd->units[number % UNITS].is_told = true;
    }
    while (!tstd->is_beyond &&
           (tstd->tb.level > 0 || tstd->mb.level > 0 || next_removal(tstd) < INT64_MAX)) {
        const bool is_stuck = tstd->tb.level == 0 && tstd->b.level >= tstd->b.size;
        if (is_stuck && next_removal(tstd) == INT64_MAX) {
            break; /* EB is full of an access unit that has no time */
        }
        advance(tstd, tstd->now + tstd->model.rate_bps / 8);
    }
}

struct tstd_peaks tstd_peaks(const struct tstd *tstd)
{
    return (struct tstd_peaks){
        .tb = bytes_of(tstd, tstd->tb.peak),
        .mb = bytes_of(tstd, tstd->mb.peak),
        .b = bytes_of(tstd, tstd->b.peak),
    };
}

const struct tstd_model *tstd_model(const struct tstd *tstd)
{
    return &tstd->model;
}
