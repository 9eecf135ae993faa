/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_load.h"

#include "playout/intl.h"
#include "scheduler/report/report_lines.h"
#include "scheduler/revise.h"
#include "scheduler/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAYS_BACK = 10,    /* no plan reaches further, so no event is longer */
    ORDERS_BACK = 100, /* revisions that are looked through for one without orders */
    /* the slate behind an ended plan airs for some seconds more in the next one */
    SETTLING_FRAMES = 60 * FRAMES_PER_SECOND,
};

/* --- As-run lines --------------------------------------------------------------- */

/* False when the line ends before `from`: it need not be read. */
static bool may_touch(const struct report_line *line, int64_t from)
{
    static const char key[] = ",\"end\":";
    const char *at = memmem(line->bytes, line->length, key, sizeof(key) - 1);
    char digits[24];
    if (at == NULL) {
        return true;
    }
    at += sizeof(key) - 1;
    const size_t left = line->length - (size_t)(at - line->bytes);
    snprintf(digits, sizeof(digits), "%.*s", (int)(left < 23 ? left : 23), at);
    return strtoll(digits, NULL, 10) > from;
}

/* Takes the line over when it touches the day: 0 or -ENOMEM. */
static int keep_line(struct as_run_lines *lines, const struct report_day *day,
                     struct as_run_line *line)
{
    if (line->record.end <= day->from || line->record.start >= day->to) {
        as_run_line_finish(line);
        return 0;
    }
    struct as_run_line *grown = realloc(lines->lines, (lines->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        as_run_line_finish(line);
        return -ENOMEM;
    }
    lines->lines = grown;
    grown[lines->count++] = *line;
    return 0;
}

static int take_bytes(struct as_run_lines *lines, const struct report_day *day, const char *bytes,
                      size_t size)
{
    struct report_line text = {0};
    int result = 0;
    while (result == 0 && report_next_line(bytes, size, &text)) {
        struct as_run_line line = {0};
        if (!may_touch(&text, day->from)) {
            continue;
        }
        result = as_run_line_parse(text.bytes, text.length, &line);
        if (result == -EBADMSG) {
            lines->damaged++;
            result = 0;
        } else if (result == 0) {
            result = keep_line(lines, day, &line);
        }
    }
    return result;
}

static bool is_near(const char *name, const struct report_day *day)
{
    char date[REPORT_DATE_SIZE];
    memcpy(date, name, DAY_SIZE);
    date[DAY_SIZE] = '\0';
    int64_t number = 0;
    return when_date(date, &number) == 0 && number >= day->number - DAYS_BACK &&
           number <= day->number + 1;
}

int as_run_lines_load(const char *folder, const struct report_day *day, struct as_run_lines *lines,
                      struct problems *problems)
{
    struct day_files files = {0};
    int result = report_day_files(folder, &files);
    if (result < 0) {
        problems_add(problems, PROBLEM_ERROR, folder, 0, 0, _("cannot be read: %s"),
                     strerror(-result));
    }
    for (size_t i = 0; i < files.count && result == 0; i++) {
        char *bytes = NULL;
        size_t size = 0;
        if (!is_near(files.names[i], day)) {
            continue;
        }
        result = report_read_day_file(folder, files.names[i], &bytes, &size);
        if (result < 0) {
            problems_add(problems, PROBLEM_ERROR, folder, 0, 0, _("%s cannot be read: %s"),
                         files.names[i], strerror(-result));
        } else {
            result = take_bytes(lines, day, bytes, size);
        }
        free(bytes);
    }
    day_files_finish(&files);
    return result;
}

void as_run_lines_finish(struct as_run_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        as_run_line_finish(&lines->lines[i]);
    }
    free(lines->lines);
    *lines = (struct as_run_lines){0};
}

/* --- Plans ------------------------------------------------------------------------ */

static int load_journal(struct channel_day *channel, const char *folder, struct problems *problems)
{
    char *path = NULL;
    int line = 0;
    if (asprintf(&path, "%s/journal", folder) < 0) {
        return -ENOMEM;
    }
    const int result = journal_load(path, &channel->journal, &line);
    if (result == -EBADMSG) {
        problems_add(problems, PROBLEM_WARNING, path, line, 0,
                     _("this line is damaged; what was planned cannot be told"));
    } else if (result < 0 && result != -ENOMEM) {
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("cannot be read: %s"),
                     strerror(-result));
    }
    free(path);
    return result == -EBADMSG ? 0 : result;
}

/* The plan of a journal entry; one that is not there is told, and NULL.  0 or -ENOMEM. */
static int load_plan(const char *folder, const struct journal_entry *entry, struct plan **plan,
                     struct problems *problems)
{
    struct problems details;
    char *path = NULL;
    if (asprintf(&path, "%s/%lld.yaml", folder, (long long)entry->revision) < 0) {
        return -ENOMEM;
    }
    problems_init(&details);
    const int result = plan_load(path, plan, &details);
    if (result < 0 && result != -ENOMEM) {
        problems_add(problems, PROBLEM_WARNING, path, 0, 0,
                     _("this plan was in force and cannot be read; what it planned is not known"));
        *plan = NULL;
    }
    problems_finish(&details);
    free(path);
    return result == -ENOMEM ? result : 0;
}

static bool has_orders(const struct plan *plan, const struct report_day *day)
{
    for (size_t i = 0; plan != NULL && i < plan->amendment_count; i++) {
        if (plan->amendments[i].from < day->to && plan->amendments[i].until > day->from) {
            return true;
        }
    }
    return false;
}

/* The adoption before entry `i`, or `i` itself when there is none. */
static size_t adoption_before(const struct journal *journal, size_t i)
{
    for (size_t k = i; k-- > 0;) {
        if (journal->entries[k].kind == JOURNAL_ADOPT) {
            return k;
        }
    }
    return i;
}

/* Loads one, in front of the others or behind them. */
static int add_revision(struct channel_day *channel, const char *folder,
                        const struct journal_entry *entry, bool is_in_front,
                        struct problems *problems)
{
    struct plan *plan = NULL;
    struct report_revision *grown =
        realloc(channel->revisions, (channel->revision_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    channel->revisions = grown;
    const int result = load_plan(folder, entry, &plan, problems);
    if (result < 0) {
        return result;
    }
    const size_t place = is_in_front ? 0 : channel->revision_count;
    memmove(&grown[place + 1], &grown[place], (channel->revision_count - place) * sizeof(grown[0]));
    grown[place] = (struct report_revision){
        .frame = entry->frame,
        .earliest = revise_earliest(plan != NULL ? plan->effective : entry->frame,
                                    channel->service->profile),
        .plan = plan};
    channel->revision_count++;
    return 0;
}

/* Those before the day, back to one that had long begun by then and that no order touches. */
static int load_before(struct channel_day *channel, const char *folder, size_t last,
                       struct problems *problems)
{
    const struct journal *journal = &channel->journal;
    const struct report_day *day = &channel->day;
    int result = add_revision(channel, folder, &journal->entries[last], true, problems);
    for (int i = 0; i < ORDERS_BACK && result == 0; i++) {
        const struct report_revision *oldest = &channel->revisions[0];
        const size_t before = adoption_before(journal, last);
        if (before == last || (oldest->plan != NULL && !has_orders(oldest->plan, day) &&
                               report_plan_begin(oldest) <= day->from - SETTLING_FRAMES)) {
            break;
        }
        last = before;
        result = add_revision(channel, folder, &journal->entries[last], true, problems);
    }
    return result;
}

static int load_revisions(struct channel_day *channel, const char *folder,
                          struct problems *problems)
{
    const struct journal *journal = &channel->journal;
    size_t last = journal->count;
    int result = 0;
    for (size_t i = 0; i < journal->count; i++) {
        const bool is_before = journal->entries[i].frame <= channel->day.from;
        last = journal->entries[i].kind == JOURNAL_ADOPT && is_before ? i : last;
    }
    if (last < journal->count) {
        result = load_before(channel, folder, last, problems);
    }
    for (size_t i = 0; i < journal->count && result == 0; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->kind == JOURNAL_ADOPT && entry->frame > channel->day.from &&
            entry->frame < channel->day.to) {
            result = add_revision(channel, folder, entry, false, problems);
        }
    }
    return result;
}

/* --- The day ------------------------------------------------------------------------ */

/* A day that is not over: up to what is recorded of it. */
static int64_t recorded_until(const struct channel_day *channel, int64_t now)
{
    const struct report_day *day = &channel->day;
    int64_t end = day->from;
    if (now >= day->to) {
        return day->to;
    }
    for (size_t i = 0; i < channel->line_count; i++) {
        const int64_t last = channel->lines[i].record.end;
        end = last > end ? last : end;
    }
    const int64_t most = now > day->from ? now : day->from;
    return end < most ? end : most;
}

/* Which days have a record at all: when this one has none, it says why. */
static int find_records(struct channel_day *channel, const char *folder)
{
    struct day_files files = {0};
    const int result = report_day_files(folder, &files);
    if (result == 0 && files.count > 0) {
        snprintf(channel->first_record, REPORT_DATE_SIZE, "%.10s", files.names[0]);
        snprintf(channel->last_record, REPORT_DATE_SIZE, "%.10s", files.names[files.count - 1]);
    }
    day_files_finish(&files);
    return result;
}

static int load_lines(struct channel_day *channel, const char *folder, struct problems *problems)
{
    struct as_run_lines lines = {0};
    const struct verify_range range = {.from = channel->day.date, .until = channel->day.date};
    int result = as_run_lines_load(folder, &channel->day, &lines, problems);
    channel->lines = lines.lines;
    channel->line_count = lines.count;
    channel->damaged_lines = lines.damaged;
    if (result == 0) {
        result = find_records(channel, folder);
    }
    if (result == 0) {
        result = report_verify_folder(folder, &range, &channel->verify);
        channel->has_record = result == 0;
    }
    return result == -ENOENT ? 0 : result;
}

/* A damaged file of remarks takes nothing from the record. */
static int load_remarks(struct channel_day *channel, const char *folder, struct problems *problems)
{
    const int result = report_remarks_load(folder, channel->day.date, &channel->remarks);
    if (result < 0 && result != -ENOMEM) {
        problems_add(problems, PROBLEM_WARNING, folder, 0, 0,
                     _("%s.json is left out, the reasons that were told afterwards: %s"),
                     channel->day.date,
                     result == -EBADMSG ? _("it is damaged") : strerror(-result));
    }
    return result == -ENOMEM ? result : 0;
}

bool channel_day_is_before_record(const struct report_source *source,
                                  const struct channel_day *channel)
{
    const int64_t today = report_day_at(source->zone, source->now).number;
    return strcmp(channel->day.date, channel->first_record) < 0 &&
           channel->day.number >= today - source->station->as_run_days;
}

static int compare(struct channel_day *channel, const struct report_source *source)
{
    const struct compare_input input = {.from = channel->day.from,
                                        .to = channel->until,
                                        .revisions = {channel->revisions, channel->revision_count},
                                        .journal = &channel->journal,
                                        .lines = channel->lines,
                                        .line_count = channel->line_count,
                                        .catalogue = source->catalogue,
                                        .is_before_record =
                                            channel_day_is_before_record(source, channel)};
    return report_compare(&input, &channel->comparison);
}

int channel_day_load(const struct report_source *source, const struct service *service,
                     const struct report_day *day, struct channel_day *channel,
                     struct problems *problems)
{
    struct channel_day fresh = {.service = service, .day = *day};
    char *as_run = station_state_path(source->station, "asrun", service->name);
    char *plans = station_state_path(source->station, "plans", service->name);
    char *remarks = station_state_path(source->station, "remarks", service->name);
    int result = as_run != NULL && plans != NULL && remarks != NULL ? 0 : -ENOMEM;
    if (result == 0) {
        result = load_lines(&fresh, as_run, problems);
    }
    if (result == 0) {
        result = load_journal(&fresh, plans, problems);
    }
    if (result == 0) {
        result = load_revisions(&fresh, plans, problems);
    }
    if (result == 0) {
        result = load_remarks(&fresh, remarks, problems);
    }
    if (result == 0) {
        fresh.until = recorded_until(&fresh, source->now);
        result = compare(&fresh, source);
    }
    free(as_run);
    free(plans);
    free(remarks);
    if (result < 0) {
        channel_day_finish(&fresh);
        return result;
    }
    fresh.ledger = ledger_of(&fresh.comparison);
    *channel = fresh;
    return 0;
}

void channel_day_finish(struct channel_day *channel)
{
    struct as_run_lines lines = {channel->lines, channel->line_count, 0};
    comparison_finish(&channel->comparison);
    as_run_lines_finish(&lines);
    for (size_t i = 0; i < channel->revision_count; i++) {
        plan_destroy(channel->revisions[i].plan);
    }
    free(channel->revisions);
    journal_finish(&channel->journal);
    report_remarks_finish(&channel->remarks);
    *channel = (struct channel_day){0};
}
