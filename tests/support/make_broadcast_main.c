/* SPDX-License-Identifier: MIT */
/*
 * make-broadcast: a day that never was on the air: plans, journal and as-run
 * record of a channel, for end-to-end tests of the reports.
 *
 * Usage: make-broadcast STATION CHANNEL DATE REVISION clean|holiday|faults
 *
 * Writes REVISION.yaml (and the next one, where a day has faults), adopts it
 * shortly before midnight, and appends what "aired" with the engine's own
 * writer.  Days are made in rising order.
 */
#include "playout/as_run_file.h"
#include "playout/durable.h"
#include "playout/journal.h"
#include "playout/station.h"
#include "scheduler/report/report_day.h"
#include "scheduler/when.h"
#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MINUTE = 60 * FRAMES_PER_SECOND,
    BEFORE = 5 * MINUTE, /* so long before midnight a plan is adopted */
    ITEMS_MOST = 32,
    SLATE_AT = 612,   /* minutes: the live lesson is cut */
    SLATE_ENDS = 630, /* as planned for the live lesson */
};

#define STRANGE "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

struct item {
    int start; /* minutes of the day */
    int end;
    enum event_kind kind;
    const char *house_number;
    const char *title;
    const char *instead_of;
    const char *reason;
    const char *text;
    int64_t amendment;
};

static const struct item holiday[] = {
    {0, 1440, EVENT_FILLER, "FILL-01", "公益宣传", NULL, NULL, NULL, 0},
};

static const struct item school_day[] = {
    {0, 480, EVENT_FILLER, "FILL-01", "公益宣传", NULL, NULL, NULL, 0},
    {480, 500, EVENT_LESSON, "SL-01", "一年级 语文 春夏秋冬", NULL, NULL, NULL, 0},
    {500, 505, EVENT_CARD, "EYE-01", "眼保健操", NULL, NULL, NULL, 0},
    {505, 525, EVENT_LESSON, "SL-02", "二年级 数学 有余数的除法", NULL, NULL, NULL, 0},
    {525, 545, EVENT_LESSON, "SL-03", "三年级 英语 Unit 1", NULL, NULL, NULL, 0},
    {545, 600, EVENT_FILLER, "FILL-01", "公益宣传", NULL, NULL, NULL, 0},
    {600, 630, EVENT_LIVE, "SL-04", "九年级 数学 直播答疑", NULL, NULL, NULL, 0},
    {630, 650, EVENT_LESSON, "SL-05", "=1+1 <b>心理健康</b> & \"示例\"", NULL, NULL, NULL, 0},
    {650, 900, EVENT_FILLER, "FILL-01", "公益宣传", NULL, NULL, NULL, 0},
    {900, 920, EVENT_REPEAT, "SL-01", "一年级 语文 春夏秋冬", NULL, NULL, "重播", 0},
    {920, 940, EVENT_REPEAT, "SL-02", "二年级 数学 有余数的除法", NULL, NULL, "重播", 0},
    {940, 960, EVENT_REPEAT, "SL-03", "三年级 英语 Unit 1", NULL, NULL, "重播", 0},
    {960, 1440, EVENT_FILLER, "FILL-01", "公益宣传", NULL, NULL, NULL, 0},
};

enum { SCHOOL_ITEMS = sizeof(school_day) / sizeof(school_day[0]), REPEAT_OF_SL_03 = 11 };

/* What a day with faults has instead of the last repeat, from the evening before on. */
static const struct item stand_in = {
    940, 960, EVENT_FILLER, "FILL-01", "三年级 英语 Unit 1", "SL-03", "缺素材", "重播", 0};

/* And instead of the first repeat, by the second revision. */
static const struct item changed = {
    900, 920, EVENT_REPEAT, "SL-06", "一年级 语文 荷花", NULL, "换课：教师请假", "重播", 0};

struct broadcast {
    struct station *station;
    struct zone *zone;
    const char *channel;
    struct report_day day;
    int64_t revision;
    char *plans;
    char *as_run;
    struct journal journal;
    struct as_run_file file;
};

static char *asset_of(const char *house_number, char asset[SHA256_HEX_SIZE])
{
    unsigned sum = 1;
    for (const char *c = house_number; c != NULL && *c != '\0'; c++) {
        sum = sum * 31 + (unsigned char)*c;
    }
    snprintf(asset, SHA256_HEX_SIZE, "%064x", sum);
    asset[house_number != NULL ? SHA256_HEX_SIZE - 1 : 0] = '\0';
    return asset;
}

static int64_t frame_of(const struct broadcast *broadcast, int minute)
{
    return broadcast->day.from + (int64_t)minute * MINUTE;
}

static void plan_item(const struct broadcast *broadcast, struct plan *plan, const struct item *item,
                      int64_t seq)
{
    char asset[SHA256_HEX_SIZE];
    const struct plan_event event = {.seq = seq,
                                     .programme = seq,
                                     .start = frame_of(broadcast, item->start),
                                     .duration = (int64_t)(item->end - item->start) * MINUTE,
                                     .kind = item->kind,
                                     .asset = asset_of(item->house_number, asset),
                                     .house_number = item->house_number,
                                     .title = item->title,
                                     .instead_of = item->instead_of,
                                     .reason = item->reason,
                                     .text = item->text,
                                     .amendment = item->amendment};
    MUST(plan_append(plan, &event) == 0);
}

static struct plan *begin_plan(const struct broadcast *broadcast, int64_t revision,
                               int64_t effective)
{
    char asset[SHA256_HEX_SIZE];
    struct plan *plan = plan_create();
    MUST(plan != NULL);
    plan->channel = strdup(broadcast->channel);
    plan->revision = revision;
    plan->effective = effective;
    plan->fillers = calloc(1, sizeof(plan->fillers[0]));
    MUST(plan->channel != NULL && plan->fillers != NULL);
    memcpy(plan->fillers[0], asset_of("FILL-01", asset), SHA256_HEX_SIZE);
    plan->filler_count = 1;
    return plan;
}

static void adopt(struct broadcast *broadcast, struct plan *plan)
{
    char path[4096];
    const struct journal_entry entry = {
        .kind = JOURNAL_ADOPT, .frame = plan->effective, .revision = plan->revision};
    snprintf(path, sizeof(path), "%s/%lld.yaml", broadcast->plans, (long long)plan->revision);
    MUST(plan_save(path, plan, broadcast->station->time_zone) == 0);
    snprintf(path, sizeof(path), "%s/journal", broadcast->plans);
    MUST(journal_append(path, &broadcast->journal, &entry) == 0);
    plan_destroy(plan);
}

static void air(struct broadcast *broadcast, struct as_run_record *record)
{
    struct as_run_sink *sink = &broadcast->file.sink;
    MUST(sink->write(sink, record) == 0);
    as_run_record_finish(record);
}

static char *copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static struct as_run_record make_record(const struct broadcast *broadcast, const struct item *item,
                                        int64_t seq)
{
    struct as_run_record record = {.seq = seq,
                                   .kind = item->kind,
                                   .amendment = item->amendment,
                                   .house_number = copy(item->house_number),
                                   .title = copy(item->title),
                                   .instead_of = copy(item->instead_of),
                                   .reason = copy(item->reason),
                                   .planned_start = frame_of(broadcast, item->start),
                                   .planned_duration = (int64_t)(item->end - item->start) * MINUTE,
                                   .start = frame_of(broadcast, item->start),
                                   .end = frame_of(broadcast, item->end),
                                   .parts = calloc(2, sizeof(record.parts[0])),
                                   .part_count = 1};
    MUST(record.parts != NULL);
    asset_of(item->house_number, record.asset);
    memcpy(record.parts[0].asset, record.asset, sizeof(record.asset));
    record.parts[0].from = record.start;
    return record;
}

static void say_why(struct as_run_record *record, const char *reason)
{
    free(record->reason);
    record->reason = copy(reason);
}

/* The media of SL-02 is missing: a filler, named by the journal. */
static void substitute(struct broadcast *broadcast, struct as_run_record *record)
{
    char path[4096];
    char reason[] = "its media is missing";
    struct journal_entry entry = {.kind = JOURNAL_SUBSTITUTE,
                                  .frame = record->start - 250,
                                  .seq = record->seq,
                                  .from = record->start,
                                  .reason = reason};
    asset_of("FILL-01", entry.asset);
    memcpy(record->parts[0].asset, entry.asset, sizeof(entry.asset));
    say_why(record, reason);
    snprintf(path, sizeof(path), "%s/journal", broadcast->plans);
    MUST(journal_append(path, &broadcast->journal, &entry) == 0);
}

/* What becomes of an item of a day with faults; false: there is no line. */
static bool spoil(struct broadcast *broadcast, const struct item *item,
                  struct as_run_record *record)
{
    switch (item->start) {
    case 480: /* off the air at first */
        MUST(frame_spans_add(&record->interrupted, record->start, record->start + 253) == 0);
        say_why(record, "off the air");
        break;
    case 505:
        substitute(broadcast, record);
        break;
    case 525:
        MUST(frame_spans_add(&record->muted, record->start + 3000, record->start + 3750) == 0);
        break;
    case 600: /* cut by an order */
        record->end = frame_of(broadcast, SLATE_AT);
        say_why(record, "信号异常");
        break;
    case 630: /* something that nobody called for */
        record->part_count = 2;
        memcpy(record->parts[1].asset, STRANGE, SHA256_HEX_SIZE);
        record->parts[1].from = frame_of(broadcast, 640);
        break;
    case 920:
        return false;
    default:
        break;
    }
    return true;
}

static void air_slate(struct broadcast *broadcast, int64_t seq)
{
    const struct item slate = {.start = SLATE_AT,
                               .end = SLATE_ENDS,
                               .kind = EVENT_SLATE,
                               .reason = "信号异常",
                               .amendment = 1};
    struct as_run_record record = make_record(broadcast, &slate, seq);
    air(broadcast, &record);
}

static void make_plain_day(struct broadcast *broadcast, const struct item *items, size_t count)
{
    const int64_t seq = broadcast->revision * 1000;
    struct plan *plan = begin_plan(broadcast, broadcast->revision, broadcast->day.from - BEFORE);
    for (size_t i = 0; i < count; i++) {
        plan_item(broadcast, plan, &items[i], seq + (int64_t)i);
    }
    adopt(broadcast, plan);
    for (size_t i = 0; i < count; i++) {
        struct as_run_record record = make_record(broadcast, &items[i], seq + (int64_t)i);
        air(broadcast, &record);
    }
}

/* The second revision, by which the live lesson is cut and a repeat is changed. */
static void adopt_order(struct broadcast *broadcast, const struct item *items)
{
    const int64_t seq = broadcast->revision * 1000;
    struct plan *plan =
        begin_plan(broadcast, broadcast->revision + 1, frame_of(broadcast, SLATE_AT) - 125);
    const struct plan_amendment order = {.id = 1,
                                         .kind = "slate",
                                         .from = frame_of(broadcast, SLATE_AT),
                                         .until = frame_of(broadcast, SLATE_ENDS),
                                         .reason = "信号异常",
                                         .author = "示例值班员"};
    struct item live = items[6];
    const struct item slate = {.start = SLATE_AT,
                               .end = SLATE_ENDS,
                               .kind = EVENT_SLATE,
                               .reason = "信号异常",
                               .amendment = 1};
    live.end = SLATE_AT;
    MUST(plan_append_amendment(plan, &order) == 0);
    plan_item(broadcast, plan, &live, seq + 6);
    plan_item(broadcast, plan, &slate, seq + 500);
    for (size_t i = 7; i < SCHOOL_ITEMS; i++) {
        const bool is_changed = items[i].start == changed.start;
        plan_item(broadcast, plan, is_changed ? &changed : &items[i],
                  seq + (int64_t)i + (is_changed ? 600 : 0));
    }
    adopt(broadcast, plan);
}

/* Five frames without a signal. */
static void interrupt(struct broadcast *broadcast, int minute, int frame)
{
    const int64_t from = frame_of(broadcast, minute) + frame;
    const struct frame_span span = {from, from + 5};
    MUST(as_run_file_interruption(&broadcast->file, &span) == 0);
}

static void make_day_with_faults(struct broadcast *broadcast)
{
    struct item items[SCHOOL_ITEMS];
    const int64_t seq = broadcast->revision * 1000;
    struct plan *plan = begin_plan(broadcast, broadcast->revision, broadcast->day.from - BEFORE);
    memcpy(items, school_day, sizeof(items));
    items[REPEAT_OF_SL_03] = stand_in;
    for (size_t i = 0; i < SCHOOL_ITEMS; i++) {
        plan_item(broadcast, plan, &items[i], seq + (int64_t)i);
    }
    adopt(broadcast, plan);
    for (size_t i = 0; i < SCHOOL_ITEMS; i++) {
        const bool is_changed = items[i].start == changed.start;
        struct as_run_record record = make_record(broadcast, is_changed ? &changed : &items[i],
                                                  seq + (int64_t)i + (is_changed ? 600 : 0));
        if (spoil(broadcast, &items[i], &record)) {
            air(broadcast, &record);
        } else {
            as_run_record_finish(&record);
        }
        if (items[i].kind == EVENT_LIVE) {
            adopt_order(broadcast, items);
            air_slate(broadcast, seq + 500);
        }
    }
    interrupt(broadcast, 980, 0);
}

static void open_folders(struct broadcast *broadcast)
{
    char path[4096];
    const struct station *station = broadcast->station;
    broadcast->plans = station_state_path(station, "plans", broadcast->channel);
    broadcast->as_run = station_state_path(station, "asrun", broadcast->channel);
    MUST(broadcast->plans != NULL && broadcast->as_run != NULL);
    MUST(durable_make_folder(broadcast->plans) == 0);
    MUST(durable_make_folder(broadcast->as_run) == 0);
    snprintf(path, sizeof(path), "%s/journal", broadcast->plans);
    MUST(journal_load(path, &broadcast->journal, NULL) == 0);
    as_run_file_init(&broadcast->file, broadcast->as_run, broadcast->zone);
}

int main(int argc, char **argv)
{
    struct broadcast broadcast = {0};
    struct problems problems;
    problems_init(&problems);
    if (argc != 6 || station_load(argv[1], &broadcast.station, &problems) < 0) {
        fprintf(stderr, "usage: make-broadcast STATION CHANNEL DATE REVISION "
                        "clean|holiday|faults|twice\n");
        problems_print(&problems, stderr);
        return 2;
    }
    MUST(zone_open(broadcast.station->time_zone, &broadcast.zone) == 0);
    int64_t number = 0;
    MUST(when_date(argv[3], &number) == 0);
    broadcast.channel = argv[2];
    broadcast.day = report_day_make(broadcast.zone, number);
    broadcast.revision = strtoll(argv[4], NULL, 10);
    open_folders(&broadcast);
    if (strcmp(argv[5], "faults") == 0) {
        make_day_with_faults(&broadcast);
    } else if (strcmp(argv[5], "clean") == 0) {
        make_plain_day(&broadcast, school_day, SCHOOL_ITEMS);
    } else if (strcmp(argv[5], "twice") == 0) { /* in one minute */
        make_plain_day(&broadcast, school_day, SCHOOL_ITEMS);
        interrupt(&broadcast, 980, 0);
        interrupt(&broadcast, 980, 12); /* in one second */
        interrupt(&broadcast, 980, 10 * FRAMES_PER_SECOND);
    } else {
        make_plain_day(&broadcast, holiday, 1);
    }
    free(broadcast.plans);
    free(broadcast.as_run);
    journal_finish(&broadcast.journal);
    zone_close(broadcast.zone);
    station_destroy(broadcast.station);
    problems_finish(&problems);
    return 0;
}
