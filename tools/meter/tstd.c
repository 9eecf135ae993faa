/* SPDX-License-Identifier: MIT */
#include "tools/meter/tstd.h"

#include <inttypes.h>
#include <stdlib.h>

enum { UNITS = 1024, FIRST_RUNS = 64 };

/* Bytes of one role and access unit behind each other. */
struct run {
    enum tstd_role role;
    int count;
    int64_t unit;
};

/* First in, first out; grows. */
struct queue {
    struct run *runs;
    size_t room;
    size_t head;
    size_t used;
};

struct unit {
    int64_t removal;
    int64_t fed;       /* bytes that have entered TB ... */
    int64_t delivered; /* ... and of them those that have reached B */
    int64_t held;      /* in B now */
    bool is_removed;
    bool is_told; /* its underflow has been reported */
};

struct tstd {
    struct tstd_model model;
    struct ts_report *report;
    int64_t now; /* bytes of the stream that have arrived */

    int64_t tb;        /* fullness, rate_bps parts of a byte */
    int64_t tb_credit; /* leaked, not yet a whole byte */
    struct queue tb_queue;
    int64_t tb_empty_at;

    int64_t mb; /* data only */
    int64_t mb_credit;
    int64_t mb_headers; /* bytes */
    struct queue mb_queue;
    int64_t mb_empty_at;

    int64_t b;
    struct unit units[UNITS]; /* by number modulo UNITS */
    int64_t oldest;           /* number of the oldest that is kept */
    int64_t next_removed;     /* number of the next to be taken out */
    int64_t known;            /* numbers below it have a place in units[] */
    bool is_beyond;           /* more units wait than there is room for */
    bool is_tb_over;
    bool is_mb_over;
    bool is_b_over;
    struct tstd_peaks peaks; /* in parts */
};

struct tstd *tstd_create(const struct tstd_model *model, struct ts_report *report)
{
    struct tstd *tstd = calloc(1, sizeof(*tstd));
    if (tstd != NULL) {
        tstd->model = *model;
        tstd->report = report;
    }
    return tstd;
}

void tstd_destroy(struct tstd *tstd)
{
    if (tstd != NULL) {
        free(tstd->tb_queue.runs);
        free(tstd->mb_queue.runs);
        free(tstd);
    }
}

static bool grow(struct queue *queue)
{
    const size_t room = queue->room > 0 ? 2 * queue->room : FIRST_RUNS;
    struct run *runs = calloc(room, sizeof(*runs));
    if (runs == NULL) {
        return false;
    }
    for (size_t i = 0; i < queue->used; i++) {
        runs[i] = queue->runs[(queue->head + i) % queue->room];
    }
    free(queue->runs);
    *queue = (struct queue){.runs = runs, .room = room, .used = queue->used};
    return true;
}

static void push(struct tstd *tstd, struct queue *queue, enum tstd_role role, int64_t unit)
{
    if (queue->used > 0) {
        struct run *last = &queue->runs[(queue->head + queue->used - 1) % queue->room];
        if (last->role == role && last->unit == unit) {
            last->count++;
            return;
        }
    }
    if (queue->used == queue->room && !grow(queue)) {
        ts_report_ungraded(tstd->report, "out of memory");
        return;
    }
    queue->runs[(queue->head + queue->used++) % queue->room] =
        (struct run){.role = role, .count = 1, .unit = unit};
}

static struct run pop(struct queue *queue)
{
    struct run *first = &queue->runs[queue->head];
    const struct run byte = {.role = first->role, .count = 1, .unit = first->unit};
    if (--first->count == 0) {
        queue->head = (queue->head + 1) % queue->room;
        queue->used--;
    }
    return byte;
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

static struct unit *unit_of(struct tstd *tstd, int64_t number)
{
    while (tstd->known <= number) {
        tstd->units[tstd->known % UNITS] = (struct unit){.removal = INT64_MAX};
        tstd->known++;
    }
    return &tstd->units[number % UNITS];
}

/* Makes room for `number`; false when too many wait. */
static bool has_room(struct tstd *tstd, int64_t number)
{
    while (tstd->oldest < tstd->next_removed) {
        const struct unit *unit = &tstd->units[tstd->oldest % UNITS];
        if (unit->delivered < unit->fed || tstd->oldest >= number) {
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

/* A level against its size; told once each time it goes over. */
static void judge_level(const struct tstd *tstd, enum ts_kind kind, const char *name, int64_t level,
                        int64_t size, int64_t *peak, bool *is_over)
{
    *peak = level > *peak ? level : *peak;
    if (level <= size * tstd->model.rate_bps) {
        *is_over = false;
    } else if (!*is_over) {
        *is_over = true;
        problem(tstd, kind, name, bytes_of(tstd, level), size);
    }
}

static void into_b(struct tstd *tstd, int64_t number)
{
    if (tstd->model.rb_bps == 0) {
        struct unit *unit = unit_of(tstd, number);
        unit->delivered++;
        if (unit->is_removed) {
            return; /* too late: told when it arrived */
        }
        unit->held++;
    }
    tstd->b += tstd->model.rate_bps;
    judge_level(tstd, TS_B, "B, EB or Bsys, bytes", tstd->b, tstd->model.b_size, &tstd->peaks.b,
                &tstd->is_b_over);
}

static void out_of_tb(struct tstd *tstd, struct run byte)
{
    if (byte.role == TSTD_PACKET) {
        return;
    }
    if (tstd->model.mb_size == 0) {
        into_b(tstd, byte.unit);
        return;
    }
    push(tstd, &tstd->mb_queue, byte.role, byte.unit);
    if (byte.role == TSTD_HEADER) {
        tstd->mb_headers++;
    } else {
        tstd->mb += tstd->model.rate_bps;
    }
    judge_level(tstd, TS_MB, "MB, bytes", tstd->mb + tstd->mb_headers * tstd->model.rate_bps,
                tstd->model.mb_size, &tstd->peaks.mb, &tstd->is_mb_over);
}

static void leak_tb(struct tstd *tstd)
{
    const int64_t out = tstd->tb < tstd->model.rx_bps ? tstd->tb : tstd->model.rx_bps;
    tstd->tb -= out;
    tstd->tb_credit += out;
    while (tstd->tb_credit >= tstd->model.rate_bps) {
        tstd->tb_credit -= tstd->model.rate_bps;
        out_of_tb(tstd, pop(&tstd->tb_queue));
    }
    judge_level(tstd, TS_TB, "TB, bytes", tstd->tb, TSTD_TB_SIZE, &tstd->peaks.tb,
                &tstd->is_tb_over);
}

static bool is_b_full(const struct tstd *tstd)
{
    return tstd->b >= tstd->model.b_size * tstd->model.rate_bps;
}

/* The next byte of data, with the headers before it. */
static int64_t pop_data(struct tstd *tstd)
{
    struct run byte = pop(&tstd->mb_queue);
    while (byte.role == TSTD_HEADER) {
        tstd->mb_headers--;
        byte = pop(&tstd->mb_queue);
    }
    return byte.unit;
}

static void leak_mb(struct tstd *tstd)
{
    if (tstd->mb == 0 || is_b_full(tstd)) {
        return;
    }
    const int64_t out = tstd->mb < tstd->model.rbx_bps ? tstd->mb : tstd->model.rbx_bps;
    tstd->mb -= out;
    tstd->mb_credit += out;
    while (tstd->mb_credit >= tstd->model.rate_bps) {
        tstd->mb_credit -= tstd->model.rate_bps;
        into_b(tstd, pop_data(tstd));
    }
}

static void leak_b(struct tstd *tstd, int64_t bytes)
{
    if (tstd->model.rb_bps > 0) {
        const bool is_drained = bytes > tstd->b / tstd->model.rb_bps;
        tstd->b = is_drained ? 0 : tstd->b - bytes * tstd->model.rb_bps;
    }
}

static void judge_empty(struct tstd *tstd, int64_t level, int64_t *empty_at, const char *what)
{
    const int64_t second = tstd->model.rate_bps / 8;
    if (level == 0) {
        *empty_at = tstd->now;
    } else if (tstd->now - *empty_at > second) {
        problem(tstd, TS_NOT_EMPTY, what, 1000, 1000);
        *empty_at = tstd->now;
    }
}

static void remove_unit(struct tstd *tstd, struct unit *unit)
{
    if (unit->delivered < unit->fed && !unit->is_told) {
        unit->is_told = true;
        problem(tstd, TS_UNDERFLOW, "bytes of an access unit that are under way at its time",
                unit->fed - unit->delivered, 0);
    }
    tstd->b -= unit->held * tstd->model.rate_bps;
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

/* One byte of time. */
static void step(struct tstd *tstd)
{
    tstd->now++;
    leak_tb(tstd);
    leak_mb(tstd);
    leak_b(tstd, 1);
    judge_empty(tstd, tstd->tb, &tstd->tb_empty_at, "TB was not empty for so many ms");
    judge_empty(tstd, tstd->mb, &tstd->mb_empty_at, "MB was not empty for so many ms");
    remove_units(tstd);
}

static bool is_idle(const struct tstd *tstd)
{
    return tstd->tb == 0 && (tstd->mb == 0 || is_b_full(tstd));
}

/* Time passes without an arrival. */
static void advance(struct tstd *tstd, int64_t to)
{
    while (tstd->now < to) {
        if (!is_idle(tstd)) {
            step(tstd);
            continue;
        }
        const int64_t removal = next_removal(tstd);
        const int64_t until = removal < to ? removal : to;
        leak_b(tstd, until - tstd->now);
        tstd->now = until > tstd->now ? until : tstd->now;
        judge_empty(tstd, tstd->tb, &tstd->tb_empty_at, "");
        judge_empty(tstd, tstd->mb, &tstd->mb_empty_at, "MB was not empty for so many ms");
        remove_units(tstd);
    }
}

void tstd_unit(struct tstd *tstd, int64_t number, int64_t removal)
{
    if (has_room(tstd, number)) {
        unit_of(tstd, number)->removal = removal;
    }
}

/* Whether bytes pass through to B as they arrive, with nothing else happening. */
static bool passes_through(const struct tstd *tstd, int count)
{
    const struct tstd_model *model = &tstd->model;
    return tstd->tb == 0 && tstd->mb == 0 && model->rx_bps >= model->rate_bps &&
           model->rb_bps == 0 && model->mb_size > 0 && model->rbx_bps >= model->rate_bps &&
           tstd->b + count * model->rate_bps <= model->b_size * model->rate_bps &&
           next_removal(tstd) > tstd->now + count;
}

static void pass(struct tstd *tstd, int count, enum tstd_role role, struct unit *unit)
{
    if (role == TSTD_HEADER) {
        tstd->mb_headers += count;
        for (int i = 0; i < count; i++) {
            push(tstd, &tstd->mb_queue, role, 0);
        }
        const int64_t level = tstd->mb_headers * tstd->model.rate_bps;
        judge_level(tstd, TS_MB, "MB, bytes", level, tstd->model.mb_size, &tstd->peaks.mb,
                    &tstd->is_mb_over);
    } else if (role == TSTD_DATA) {
        tstd->mb_headers = 0;
        tstd->mb_queue.used = 0;
        unit->fed += count;
        unit->delivered += count;
        unit->held += count;
        tstd->b += count * tstd->model.rate_bps;
        tstd->peaks.b = tstd->b > tstd->peaks.b ? tstd->b : tstd->peaks.b;
    }
    tstd->now += count;
    tstd->tb_empty_at = tstd->now;
    tstd->mb_empty_at = tstd->now;
}

static void judge_arrival(struct tstd *tstd, struct unit *unit)
{
    if (unit->is_removed && !unit->is_told) {
        unit->is_told = true;
        problem(tstd, TS_UNDERFLOW, "bytes after the access unit's time", tstd->now - unit->removal,
                0);
    }
}

void tstd_feed(struct tstd *tstd, int64_t first_byte, int count, enum tstd_role role,
               int64_t number)
{
    const bool has_units = tstd->model.rb_bps == 0 && role != TSTD_PACKET;
    /* A PES header is held with a unit in B, and lost in front of EB. */
    const bool is_held = has_units && (role == TSTD_DATA || tstd->model.mb_size == 0);
    if (has_units && !has_room(tstd, number)) {
        return;
    }
    advance(tstd, first_byte);
    struct unit *unit = is_held ? unit_of(tstd, number) : NULL;
    if (passes_through(tstd, count) && (unit == NULL || !unit->is_removed)) {
        pass(tstd, count, role, unit);
        return;
    }
    for (int i = 0; i < count; i++) {
        if (unit != NULL) {
            judge_arrival(tstd, unit);
            unit->fed++;
        }
        tstd->tb += tstd->model.rate_bps;
        push(tstd, &tstd->tb_queue, role, number);
        step(tstd);
    }
}

void tstd_finish(struct tstd *tstd, int64_t whole_units)
{
    /* Of older ones only what is still kept. */
    const int64_t first = whole_units > tstd->oldest ? whole_units : tstd->oldest;
    for (int64_t number = first; number < tstd->known; number++) {
        tstd->units[number % UNITS].is_told = true;
    }
    while (!tstd->is_beyond && (tstd->tb > 0 || tstd->mb > 0 || next_removal(tstd) < INT64_MAX)) {
        if (is_idle(tstd) && next_removal(tstd) == INT64_MAX) {
            break; /* EB is full of an access unit that has no time */
        }
        advance(tstd, tstd->now + tstd->model.rate_bps / 8);
    }
}

struct tstd_peaks tstd_peaks(const struct tstd *tstd)
{
    return (struct tstd_peaks){
        .tb = bytes_of(tstd, tstd->peaks.tb),
        .mb = bytes_of(tstd, tstd->peaks.mb),
        .b = bytes_of(tstd, tstd->peaks.b),
    };
}

const struct tstd_model *tstd_model(const struct tstd *tstd)
{
    return &tstd->model;
}
