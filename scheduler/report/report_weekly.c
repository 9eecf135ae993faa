/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_weekly.h"

#include "playout/intl.h"
#include "scheduler/report/report_verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void weekly_finish(struct weekly_report *weekly)
{
    free(weekly->subjects);
    free(weekly->days);
    *weekly = (struct weekly_report){0};
}

/* The row of a programme, a new one if need be; NULL: out of memory. */
static struct weekly_subject *subject_of(struct weekly_report *weekly,
                                         const struct report_source *source,
                                         const struct service *service,
                                         const struct catalogue_entry *entry)
{
    const char *grade = entry != NULL ? entry->grade : "";
    const char *subject = entry != NULL ? entry->subject : "";
    for (size_t i = 0; i < weekly->subject_count; i++) {
        struct weekly_subject *known = &weekly->subjects[i];
        if (known->service == service && strcmp(known->grade, grade) == 0 &&
            strcmp(known->subject, subject) == 0) {
            return known;
        }
    }
    struct weekly_subject *grown =
        realloc(weekly->subjects, (weekly->subject_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return NULL;
    }
    weekly->subjects = grown;
    grown[weekly->subject_count] =
        (struct weekly_subject){.service = service,
                                .service_number = station_service_number(source->station, service),
                                .grade = grade,
                                .subject = subject};
    return &grown[weekly->subject_count++];
}

static int add_programme(struct weekly_report *weekly, const struct report_source *source,
                         const struct service *service, const struct planned_programme *programme)
{
    const struct catalogue_entry *entry =
        report_catalogue_find(source->catalogue, programme->house_number);
    struct weekly_subject *subject = subject_of(weekly, source, service, entry);
    if (subject == NULL) {
        return -ENOMEM;
    }
    struct programme_counts *counts = &subject->counts;
    const int64_t aired = programme->frames[CLASS_PLANNED];
    counts->planned[programme->category]++;
    counts->aired[programme->category] += aired > 0;
    counts->as_planned[programme->category] += programme->status == PROGRAMME_AS_PLANNED;
    subject->aired_frames += aired;
    return 0;
}

int weekly_add(struct weekly_report *weekly, const struct report_source *source,
               const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    const struct programme_counts counts = programme_counts_of(comparison);
    struct weekly_day *grown = realloc(weekly->days, (weekly->day_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    weekly->days = grown;
    grown[weekly->day_count++] =
        (struct weekly_day){.service = channel->service,
                            .day = channel->day.number,
                            .planned = programme_counts_lessons(counts.planned),
                            .as_planned = programme_counts_lessons(counts.as_planned),
                            .until = channel->until,
                            .is_over = channel->until >= channel->day.to,
                            .ledger = channel->ledger};
    int result = 0;
    for (size_t i = 0; i < comparison->programme_count && result == 0; i++) {
        const struct planned_programme *programme = &comparison->programmes[i];
        if (programme->category != PLANNED_OTHER && !programme->is_begun_before) {
            result = add_programme(weekly, source, channel->service, programme);
        }
    }
    return result;
}

/* --- Order --------------------------------------------------------------------------- */

/* 一年级 before 二年级: the characters' own order is another one. */
static size_t grade_rank(const char *grade)
{
    static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    enum { GRADES = sizeof(digits) / sizeof(digits[0]) };
    for (size_t i = 0; i < GRADES; i++) {
        if (strncmp(grade, digits[i], strlen(digits[i])) == 0) {
            return i;
        }
    }
    return GRADES;
}

/* By channel, as in the station file, grade and subject. */
static int compare_subjects(const void *left, const void *right)
{
    const struct weekly_subject *a = left;
    const struct weekly_subject *b = right;
    const size_t a_rank = grade_rank(a->grade);
    const size_t b_rank = grade_rank(b->grade);
    if (a->service_number != b->service_number) {
        return a->service_number < b->service_number ? -1 : 1;
    }
    if (a_rank != b_rank) {
        return a_rank < b_rank ? -1 : 1;
    }
    const int grades = strcmp(a->grade, b->grade);
    return grades != 0 ? grades : strcmp(a->subject, b->subject);
}

/* --- Tables -------------------------------------------------------------------------- */

static void add_count_columns(struct report_document *document)
{
    for (int category = 0; category < PLANNED_OTHER; category++) {
        document_column(document, _(planned_category_name((enum planned_category)category)), 10);
    }
    document_column(document, _("Planned"), 10);
    document_column(document, _("As planned"), 12);
    document_column(document, _("Not as planned"), 14);
    document_column(document, _("Minutes aired"), 14);
}

static void add_count_cells(struct report_document *document, const struct programme_counts *counts,
                            int64_t frames)
{
    const int64_t planned = programme_counts_lessons(counts->planned);
    const int64_t as_planned = programme_counts_lessons(counts->as_planned);
    for (int category = 0; category < PLANNED_OTHER; category++) {
        document_integer(document, counts->aired[category]);
    }
    document_integer(document, planned);
    document_integer(document, as_planned);
    document_integer(document, planned - as_planned);
    document_seconds(document, ledger_seconds(frames) / 60);
}

static void sum_counts(struct programme_counts *sum, const struct programme_counts *counts)
{
    for (int category = 0; category < PLANNED_CATEGORIES; category++) {
        sum->planned[category] += counts->planned[category];
        sum->aired[category] += counts->aired[category];
        sum->as_planned[category] += counts->as_planned[category];
    }
}

static void add_channels(struct report_document *document, const struct report_source *source,
                         const struct weekly_report *weekly)
{
    document_table(document, TABLE_SUMMARY, _("By channel: lessons aired"));
    document_column(document, _("Channel"), 20);
    add_count_columns(document);
    for (size_t i = 0; i < station_service_count(source->station); i++) {
        const struct service *service = station_service_at(source->station, i);
        struct programme_counts counts = {0};
        int64_t frames = 0;
        bool is_there = false;
        for (size_t k = 0; k < weekly->subject_count; k++) {
            const struct weekly_subject *subject = &weekly->subjects[k];
            if (subject->service == service) {
                sum_counts(&counts, &subject->counts);
                frames += subject->aired_frames;
            }
        }
        for (size_t k = 0; k < weekly->day_count; k++) {
            is_there = is_there || weekly->days[k].service == service;
        }
        if (is_there) {
            document_text(document, "%s", service->title);
            add_count_cells(document, &counts, frames);
        }
    }
}

static void add_subjects(struct report_document *document, struct weekly_report *weekly)
{
    if (weekly->subject_count > 0) {
        qsort(weekly->subjects, weekly->subject_count, sizeof(weekly->subjects[0]),
              compare_subjects);
    }
    document_table(document, TABLE_DETAILS, _("By grade and subject: lessons aired"));
    document_column(document, _("Channel"), 20);
    document_column(document, _("Grade"), 10);
    document_column(document, _("Subject"), 10);
    add_count_columns(document);
    for (size_t i = 0; i < weekly->subject_count; i++) {
        const struct weekly_subject *subject = &weekly->subjects[i];
        document_text(document, "%s", subject->service->title);
        document_text(document, "%s", subject->grade[0] != '\0' ? subject->grade : _("not said"));
        document_text(document, "%s",
                      subject->subject[0] != '\0' ? subject->subject : _("not said"));
        add_count_cells(document, &subject->counts, subject->aired_frames);
    }
}

/* "2026-11-23 14:32": up to there all channels' days that are not over are recorded. */
static const char *until_text(const struct report_source *source,
                              const struct weekly_report *weekly, char text[ZONE_TEXT_SIZE])
{
    int64_t until = INT64_MAX;
    for (size_t i = 0; i < weekly->day_count; i++) {
        const struct weekly_day *day = &weekly->days[i];
        until = !day->is_over && day->until < until ? day->until : until;
    }
    zone_frame_text(source->zone, until, text);
    text[16] = '\0';
    return text;
}

static void add_days(struct report_document *document, const struct report_source *source,
                     const struct weekly_report *weekly, bool is_over)
{
    char text[ZONE_TEXT_SIZE];
    char time[ZONE_TEXT_SIZE];
    const struct ledger_stretch stretch = {.until =
                                               is_over ? NULL : until_text(source, weekly, text)};
    struct ledger sum = {0};
    int64_t lessons = 0;
    document_table(document, TABLE_SUMMARY, _("By day: ledger, in seconds"));
    document_column(document, _("Day"), 14);
    document_column(document, _("Channel"), 20);
    if (!is_over) {
        document_column(document, _("Counted until"), 14);
    }
    document_column(document, _("Lessons"), 10);
    document_column(document, _("As planned"), 12);
    report_ledger_columns(document);
    for (size_t i = 0; i < weekly->day_count; i++) {
        const struct weekly_day *day = &weekly->days[i];
        document_date(document, day->day);
        document_text(document, "%s", day->service->title);
        if (!is_over) {
            zone_frame_text(source->zone, day->until, time);
            document_text(document, "%.8s", day->is_over ? "" : time + 11);
        }
        document_integer(document, day->planned);
        document_integer(document, day->as_planned);
        report_ledger_row(document, &day->ledger, day->planned, day->is_over);
        ledger_add(&sum, &day->ledger);
        lessons += day->planned;
    }
    report_verdict(document, &sum, lessons, &stretch);
}

int report_weekly(const struct report_source *source, struct weekly_report *weekly, int64_t monday,
                  struct report_document *document)
{
    const struct report_day first = report_day_make(source->zone, monday);
    const struct report_day last = report_day_make(source->zone, monday + DAYS_PER_WEEK - 1);
    document_title(document, _("%s: weekly broadcast report"), source->station->name);
    document_line(document, _("Week: %s to %s"), first.date, last.date);
    const bool is_over = source->now >= last.to;
    if (!is_over) {
        document_line(document, "%s",
                      _("The week is not over: each channel is counted until the time that the "
                        "table by day has; what is on the air since then is counted when it "
                        "ends."));
    }
    add_channels(document, source, weekly);
    add_subjects(document, weekly);
    add_days(document, source, weekly, is_over);
    return report_document_error(document);
}
