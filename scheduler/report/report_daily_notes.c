/* SPDX-License-Identifier: MIT */
/* report_daily_notes: what stands below the tables of a channel's day. */
#include "scheduler/report/report_daily_inner.h"

#include "playout/intl.h"
#include "playout/text_same.h"

#include <string.h>

/* Why nothing at all is known of a channel's day. */
static void add_absence(struct report_document *document, const struct report_source *source,
                        const struct channel_day *channel)
{
    const char *name = channel->service->name;
    const char *date = channel->day.date;
    const int kept = source->station->as_run_days;
    if (channel->day.to > source->now) {
        document_note(
            document,
            _("%s: nothing is recorded of this day yet: what airs is written down when it "
              "ends. `ketang status` tells whether the channel is on the air."),
            name);
    } else if (channel->first_record[0] == '\0') {
        document_note(document,
                      _("%s: no as-run record exists of any day in %s/asrun/%s: the channel was "
                        "never on the air with this state folder."),
                      name, source->station->state, name);
    } else if (channel_day_is_before_record(source, channel)) {
        document_note(
            document,
            _("%s: the first as-run record is of %s: the channel was not on the air before."), name,
            channel->first_record);
    } else if (strcmp(date, channel->first_record) < 0) {
        document_note(document,
                      _("%s: as-run records are kept %d days (as_run_days); the first one that is "
                        "left is of %s."),
                      name, kept, channel->first_record);
    } else if (strcmp(date, channel->last_record) > 0) {
        document_note(document,
                      _("%s: the last as-run record is of %s: the engine was not running since."),
                      name, channel->last_record);
    } else {
        document_note(document,
                      _("%s: there are as-run records of days before and after: the engine was not "
                        "running on this day, or its file was taken away, which `ketang verify %s` "
                        "tells."),
                      name, name);
    }
}

static void add_chain(struct report_document *document, const struct report_source *source,
                      const struct channel_day *channel)
{
    const struct verify_result *verify = &channel->verify;
    const char *name = channel->service->name;
    if (channel->line_count == 0 && !channel->has_record) {
        add_absence(document, source, channel);
    } else if (!channel->has_record) {
        document_note(document, _("%s: no line of the as-run record begins on this day."), name);
    } else if (verify->verdict != VERIFY_GOOD) {
        document_note(document,
                      _("%s: the as-run record was tampered with or damaged: %s, line %lld; see "
                        "ketang verify %s."),
                      name, verify->bad.file, (long long)verify->bad.line, name);
    } else if (verify->last_chain[0] != '\0' && verify->checked > 0) {
        document_note(document, _("%s: last chain %s (%s, line %lld)."), name, verify->last_chain,
                      verify->last.file, (long long)verify->last.line);
    } else {
        document_note(document, _("%s: the as-run record of this day has no chain."), name);
    }
}

/* What the record says was planned then; NULL: it fills. */
static const char *recorded_number(const struct as_run_record *record)
{
    const bool is_programme =
        record->kind == EVENT_LESSON || record->kind == EVENT_REPEAT || record->kind == EVENT_LIVE;
    return record->instead_of != NULL ? record->instead_of
           : is_programme             ? record->house_number
                                      : NULL;
}

/*
 * What the record names where the timetable was changed after a programme had begun, and the report
 * does not; NULL: they agree.  What an order put there or moved is no change of the timetable, be
 * it on the air or not.
 */
static const char *changed_number(const struct comparison *comparison,
                                  const struct compared_span *span)
{
    if (span->programme < 0 || span->record == NULL || span->record->amendment != 0) {
        return NULL;
    }
    const struct planned_programme *programme = &comparison->programmes[span->programme];
    const char *number = recorded_number(span->record);
    const bool is_changed = programme->from < span->from && programme->house_number != NULL &&
                            !text_same(number, programme->house_number);
    return is_changed ? number : NULL;
}

/*
 * Which of the two plans the report holds: as-run and status have the later one.  Told once of a
 * programme, also where orders interrupt it.
 */
static void add_changed_within(struct report_document *document, const struct report_source *source,
                               const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    const char *told = NULL;
    ptrdiff_t told_programme = -1;
    char text[ZONE_TEXT_SIZE];
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        const char *number = changed_number(comparison, span);
        if (number != NULL && (span->programme != told_programme || !text_same(number, told))) {
            told = number;
            told_programme = span->programme;
            document_note(document,
                          _("%s: at %.8s the timetable was changed within a programme: this report "
                            "counts it to its end by the plan of its beginning (%s); the as-run "
                            "record names that of the later plan (%s)."),
                          channel->service->name,
                          zone_frame_text(source->zone, span->from, text) + 11,
                          comparison->programmes[span->programme].house_number, number);
        }
    }
}

/* True when nobody and nothing says why. */
static bool is_unexplained(const struct channel_day *channel, const struct compared_span *span)
{
    return ledger_rule(span->class)->is_incident &&
           (span->reason == NULL || span->reason[0] == '\0') &&
           report_remarks_find(&channel->remarks, span->from, span->to) == NULL;
}

/* Where a reason is still to be given. */
static void add_unexplained(struct report_document *document, const struct report_source *source,
                            const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    const struct compared_span *first = NULL;
    char text[ZONE_TEXT_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < comparison->span_count; i++) {
        const bool is_counted = is_unexplained(channel, &comparison->spans[i]);
        first = is_counted && first == NULL ? &comparison->spans[i] : first;
        count += is_counted;
    }
    if (first != NULL) {
        document_note(document,
                      ngettext("%s: %zu incident has no reason yet, at %.8s (`ketang remark`).",
                               "%s: %zu incidents have no reason yet, the first at %.8s (`ketang "
                               "remark`).",
                               (unsigned long)count),
                      channel->service->name, count,
                      zone_frame_text(source->zone, first->from, text) + 11);
    }
}

/* It counts nothing, and whoever saw it will ask; nobody saw less than a second. */
static void add_waiting(struct report_document *document, const struct report_source *source,
                        const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    char from[ZONE_TEXT_SIZE];
    char to[ZONE_TEXT_SIZE];
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        if (span->class == CLASS_WAITING && span->to - span->from >= FRAMES_PER_SECOND) {
            document_note(
                document,
                _("%s: %.8s to %.8s there was no plan yet: the slate aired, which is not counted."),
                channel->service->name, zone_frame_text(source->zone, span->from, from) + 11,
                span->to < channel->day.to ? zone_frame_text(source->zone, span->to, to) + 11
                                           : "24:00:00");
        }
    }
}

static void add_warnings(struct report_document *document, const struct report_source *source,
                         const struct channel_day *channel)
{
    const struct air_backwards *backwards = &channel->comparison.backwards;
    const char *name = channel->service->name;
    char ended[ZONE_TEXT_SIZE];
    char started[ZONE_TEXT_SIZE];
    if (backwards->count > 0) {
        document_note(document,
                      _("%s: as-run times run backwards, %zu in all: a record that ended at %.22s "
                        "is followed by one from %.22s; was the clock put back?"),
                      name, backwards->count,
                      zone_frame_text(source->zone, backwards->ended, ended),
                      zone_frame_text(source->zone, backwards->started, started));
    }
    if (channel->damaged_lines > 0) {
        document_note(document,
                      _("%s: damaged lines of the as-run record that were left out: %lld."), name,
                      (long long)channel->damaged_lines);
    }
    if (!channel_day_is_over(channel) && channel->line_count > 0) {
        document_note(document, _("%s: recorded until %.8s; what is on the air is not yet."), name,
                      zone_frame_text(source->zone, channel->until, ended) + 11);
    }
    if (channel->revision_count == 0) {
        document_note(document, _("%s: no plan was in force on this day."), name);
    }
}

void report_daily_notes(struct report_document *document, const struct report_source *source,
                        const struct channel_day *channel)
{
    add_chain(document, source, channel);
    add_warnings(document, source, channel);
    add_waiting(document, source, channel);
    add_changed_within(document, source, channel);
    add_unexplained(document, source, channel);
}
