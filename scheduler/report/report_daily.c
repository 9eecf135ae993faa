/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_daily.h"
#include "scheduler/when.h"

#include "playout/intl.h"

#include <string.h>

static const char *const category_names[PLANNED_CATEGORIES] = {
    N_("first run"), N_("repeat"), N_("live"), N_("special"), N_("other"),
};

static const char *const status_names[PROGRAMME_STATUSES] = {
    N_("as planned"), N_("late"),    N_("cut"),   N_("replaced"),
    N_("not aired"),  N_("off air"), N_("muted"), N_("no record"),
};

static const enum bar_colour colours[CLASS_COUNT] = {
    [CLASS_PLANNED] = BAR_PLANNED,     [CLASS_FILLING] = BAR_FILLING,
    [CLASS_SUBSTITUTED] = BAR_CHANGED, [CLASS_CHANGED] = BAR_CHANGED,
    [CLASS_OFF_AIR] = BAR_FAULT,       [CLASS_MUTED] = BAR_FAULT,
    [CLASS_SLATE] = BAR_FAULT,         [CLASS_WRONG] = BAR_FAULT,
    [CLASS_FILLER] = BAR_HALF,         [CLASS_UNRECORDED] = BAR_UNKNOWN,
    [CLASS_NOTHING] = BAR_UNKNOWN,
};

const char *planned_category_name(enum planned_category category)
{
    return category_names[category];
}

struct programme_counts programme_counts_of(const struct comparison *comparison)
{
    struct programme_counts counts = {0};
    for (size_t i = 0; i < comparison->programme_count; i++) {
        const struct planned_programme *programme = &comparison->programmes[i];
        if (programme->is_begun_before) {
            continue;
        }
        counts.planned[programme->category]++;
        counts.aired[programme->category] += programme->frames[CLASS_PLANNED] > 0;
        counts.as_planned[programme->category] += programme->status == PROGRAMME_AS_PLANNED;
    }
    return counts;
}

int64_t programme_counts_lessons(const int64_t counts[PLANNED_CATEGORIES])
{
    int64_t lessons = 0;
    for (int category = 0; category < PLANNED_CATEGORIES; category++) {
        lessons += category != PLANNED_OTHER ? counts[category] : 0;
    }
    return lessons;
}

void report_verdict(struct report_document *document, const struct ledger *ledger, int64_t lessons,
                    bool is_day)
{
    const char *holiday = lessons > 0 ? ""
                          : is_day    ? _("No lessons on this day. ")
                                      : _("No lessons in this week. ");
    if (ledger_total(ledger) == 0) {
        document_verdict(document, false, "%s", _("Nothing is recorded yet."));
        return;
    }
    if (ledger_is_nil(ledger)) {
        document_verdict(document, true, "%s%s", holiday,
                         is_day
                             ? _("Nil report (零报告): nothing off the air, no wrong content, no "
                                 "unplanned filler on this day.")
                             : _("Nil report (零报告): nothing off the air, no wrong content, no "
                                 "unplanned filler in this week."));
        return;
    }
    document_verdict(document, false,
                     _("%sOff the air %.2f s, wrong content %.2f s, unplanned filler %.2f s; "
                       "%.2f s count as off the air; no record of %.2f s."),
                     holiday, ledger_seconds(ledger->frames[ACCOUNT_TINGBO]),
                     ledger_seconds(ledger->frames[ACCOUNT_CUOBO]),
                     ledger_seconds(ledger->frames[ACCOUNT_DIANBO]), ledger_counted_seconds(ledger),
                     ledger_seconds(ledger->unrecorded));
}

/* --- Tables ----------------------------------------------------------------------- */

static void add_counts(struct report_document *document, const struct daily_report *report)
{
    document_table(document, TABLE_SUMMARY, _("Programmes"));
    document_column(document, _("Channel"), 20);
    document_column(document, _("Kind"), 10);
    document_column(document, _("Planned"), 10);
    document_column(document, _("Aired"), 10);
    document_column(document, _("As planned"), 12);
    document_column(document, _("Not as planned"), 14);
    for (size_t i = 0; i < report->count; i++) {
        const struct channel_day *channel = &report->channels[i];
        const struct programme_counts counts = programme_counts_of(&channel->comparison);
        for (int category = 0; category < PLANNED_CATEGORIES; category++) {
            const int64_t planned = counts.planned[category];
            if (planned == 0 && category != PLANNED_FIRST_RUN) {
                continue;
            }
            document_text(document, "%s", channel->service->title);
            document_text(document, "%s", _(category_names[category]));
            document_integer(document, planned);
            document_integer(document, counts.aired[category]);
            document_integer(document, counts.as_planned[category]);
            document_integer(document, planned - counts.as_planned[category]);
        }
    }
}

void report_ledger_columns(struct report_document *document)
{
    for (int account = ACCOUNT_TINGBO; account < ACCOUNT_COUNT; account++) {
        document_column(document, _(ledger_account_name((enum ledger_account)account)), 14);
    }
    document_column(document, _("counts as off the air"), 14);
    document_column(document, _("no record"), 12);
    document_column(document, _("Incidents"), 10);
    document_column(document, _("Verdict"), 18);
}

void report_ledger_row(struct report_document *document, const struct ledger *ledger,
                       int64_t lessons)
{
    const bool is_nil = ledger_is_nil(ledger);
    for (int account = ACCOUNT_TINGBO; account < ACCOUNT_COUNT; account++) {
        document_seconds(document, ledger_seconds(ledger->frames[account]));
    }
    document_seconds(document, ledger_counted_seconds(ledger));
    document_seconds(document, ledger_seconds(ledger->unrecorded));
    document_integer(document, ledger->incidents);
    document_text(document, "%s",
                  lessons == 0 && is_nil   ? _("no lessons, nil report")
                  : ledger->unrecorded > 0 ? _("no record")
                  : lessons == 0           ? _("no lessons")
                  : is_nil                 ? _("nil report")
                                           : "");
}

static void add_ledger(struct report_document *document, const struct daily_report *report)
{
    struct ledger sum = {0};
    int64_t lessons = 0;
    document_table(document, TABLE_SUMMARY, _("Ledger, in seconds"));
    document_column(document, _("Channel"), 20);
    report_ledger_columns(document);
    for (size_t i = 0; i < report->count; i++) {
        const struct channel_day *channel = &report->channels[i];
        const struct programme_counts counts = programme_counts_of(&channel->comparison);
        const int64_t planned = programme_counts_lessons(counts.planned);
        document_text(document, "%s", channel->service->title);
        report_ledger_row(document, &channel->ledger, planned);
        ledger_add(&sum, &channel->ledger);
        lessons += planned;
    }
    if (report->count > 1) {
        document_text(document, "%s", _("All channels"));
        report_ledger_row(document, &sum, lessons);
    }
    report_verdict(document, &sum, lessons, true);
}

static void add_rules(struct report_document *document, const struct daily_report *report)
{
    document_table(document, TABLE_SUMMARY, _("By rule, in seconds"));
    document_column(document, _("Channel"), 20);
    document_column(document, _("Rule"), 20);
    document_column(document, _("Account"), 16);
    document_column(document, _("Weight, %"), 10);
    document_column(document, _("Seconds"), 12);
    document_column(document, _("Counted"), 12);
    for (size_t i = 0; i < report->count; i++) {
        const struct channel_day *channel = &report->channels[i];
        for (int class = 0; class < CLASS_COUNT; class ++) {
            const struct ledger_rule *rule = ledger_rule((enum report_class) class);
            const int64_t frames = channel->comparison.frames[class];
            if (!rule->is_incident || frames == 0) {
                continue;
            }
            document_text(document, "%s", channel->service->title);
            document_text(document, "%s", _(rule->name));
            document_text(document, "%s", _(ledger_account_name(rule->account)));
            document_integer(document, rule->percent);
            document_seconds(document, ledger_seconds(frames));
            document_seconds(document, ledger_seconds(frames) * rule->percent / 100);
        }
    }
}

/* --- Incidents ---------------------------------------------------------------------- */

/* "KT-05 一年级 语文 春夏秋冬", or what there is of it. */
static void add_name(struct report_document *document, const char *house_number, const char *title)
{
    const char *number = house_number != NULL ? house_number : "";
    const char *name = title != NULL ? title : "";
    document_text(document, "%s%s%s", number, number[0] != '\0' && name[0] != '\0' ? " " : "",
                  name);
}

static const char *planned_by_catalogue(const struct report_source *source,
                                        const struct planned_programme *programme)
{
    const struct catalogue_entry *entry =
        report_catalogue_find(source->catalogue, programme->house_number);
    return programme->title != NULL ? programme->title : entry != NULL ? entry->title : NULL;
}

static void add_planned(struct report_document *document, const struct report_source *source,
                        const struct comparison *comparison, const struct compared_span *span)
{
    if (span->programme < 0) {
        document_text(document, "%s", _("filler"));
        return;
    }
    const struct planned_programme *programme = &comparison->programmes[span->programme];
    add_name(document, programme->house_number, planned_by_catalogue(source, programme));
}

/* What was on air in its place. */
static void add_aired(struct report_document *document, const struct compared_span *span)
{
    const struct as_run_record *record = span->record;
    const bool is_silent = span->class == CLASS_OFF_AIR || span->class == CLASS_MUTED;
    const bool is_own = record != NULL && span->aired != NULL && !is_silent &&
                        strcmp(span->aired, record->asset) == 0 && span->aired[0] != '\0';
    if (is_silent || record == NULL) {
        document_text(document, "%s", is_silent ? _("nothing") : _("not known"));
    } else if (is_own && span->aired_count > 1) {
        document_text(document, _("%s and others, %zu in all"),
                      record->house_number != NULL ? record->house_number : _("filler"),
                      span->aired_count);
    } else if (is_own) {
        add_name(document, record->house_number, record->instead_of != NULL ? NULL : record->title);
    } else if (span->aired[0] == '\0' || span->class == CLASS_FILLER) {
        document_text(document, "%s", span->aired[0] == '\0' ? _("slate") : _("filler"));
    } else {
        document_text(document, _("media %.12s…"), span->aired);
    }
}

static void add_channel_incidents(struct report_document *document,
                                  const struct report_source *source,
                                  const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        const struct ledger_rule *rule = ledger_rule(span->class);
        if (!rule->is_incident) {
            continue;
        }
        document_text(document, "%s", channel->service->title);
        document_time(document, span->from);
        document_seconds(document, ledger_seconds(span->to - span->from));
        document_text(document, "%s", _(rule->name));
        add_planned(document, source, comparison, span);
        add_aired(document, span);
        document_text(document, "%s", span->reason != NULL ? span->reason : "");
        document_text(document, "%s", span->author != NULL ? span->author : "");
    }
}

static void add_incidents(struct report_document *document, const struct report_source *source,
                          const struct daily_report *report)
{
    document_table(document, TABLE_DETAILS, _("Incidents"));
    document_column(document, _("Channel"), 20);
    document_column(document, _("From"), 24);
    document_column(document, _("Seconds"), 12);
    document_column(document, _("What"), 18);
    document_column(document, _("Planned"), 32);
    document_column(document, _("Aired"), 32);
    document_column(document, _("Reason"), 36);
    document_column(document, _("Ordered by"), 14);
    for (size_t i = 0; i < report->count; i++) {
        add_channel_incidents(document, source, &report->channels[i]);
    }
}

static void add_programme(struct report_document *document, const struct report_source *source,
                          const struct channel_day *channel,
                          const struct planned_programme *programme)
{
    const bool is_aired = programme->frames[CLASS_PLANNED] > 0;
    const char *title = planned_by_catalogue(source, programme);
    document_text(document, "%s", channel->service->title);
    document_text(document, "%s", _(category_names[programme->category]));
    document_text(document, "%s", programme->house_number != NULL ? programme->house_number : "");
    document_text(document, "%s", title != NULL ? title : "");
    document_time(document, programme->from);
    document_seconds(document, ledger_seconds(programme->to - programme->from));
    if (is_aired) {
        document_time(document, programme->aired_from);
    } else {
        document_text(document, "%s", "");
    }
    document_seconds(document, ledger_seconds(programme->frames[CLASS_PLANNED]));
    document_text(document, "%s", _(status_names[programme->status]));
}

static void add_programmes(struct report_document *document, const struct report_source *source,
                           const struct daily_report *report)
{
    document_table(document, TABLE_DATA, _("As-run against plan"));
    document_column(document, _("Channel"), 20);
    document_column(document, _("Kind"), 10);
    document_column(document, _("House number"), 16);
    document_column(document, _("Title"), 36);
    document_column(document, _("Planned start"), 24);
    document_column(document, _("Planned, s"), 12);
    document_column(document, _("Aired from"), 24);
    document_column(document, _("Aired, s"), 12);
    document_column(document, _("Status"), 14);
    for (size_t i = 0; i < report->count; i++) {
        const struct comparison *comparison = &report->channels[i].comparison;
        for (size_t k = 0; k < comparison->programme_count; k++) {
            add_programme(document, source, &report->channels[i], &comparison->programmes[k]);
        }
    }
}

/* --- Bars and notes ------------------------------------------------------------------- */

static void add_bar(struct report_document *document, const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    document_bar(document, channel->service->title, channel->day.from, channel->day.to);
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        document_bar_part(document, colours[span->class], span->from, span->to);
    }
}

static void add_chain(struct report_document *document, const struct channel_day *channel)
{
    const struct verify_result *verify = &channel->verify;
    const char *name = channel->service->name;
    if (!channel->has_record) {
        document_note(document, _("%s: there is no as-run record of this day."), name);
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
    if (channel->revision_count == 0) {
        document_note(document, _("%s: no plan was in force on this day."), name);
    }
}

static void add_head(struct report_document *document, const struct report_source *source,
                     const struct daily_report *report)
{
    const struct channel_day *first = &report->channels[0];
    int64_t until = first->until;
    char text[ZONE_TEXT_SIZE];
    for (size_t i = 1; i < report->count; i++) {
        const int64_t other = report->channels[i].until;
        until = other > until ? other : until;
    }
    document->is_of_one_day = true;
    document_title(document, _("%s: daily broadcast report"), source->station->name);
    document_line(document, _("Day: %s, %s"), first->day.date,
                  when_day_name(civil_weekday(first->day.number)));
    if (until < first->day.to) {
        document_line(document, _("The day is not over: up to %.19s."),
                      zone_frame_text(source->zone, until, text));
    }
}

int report_daily(const struct report_source *source, const struct daily_report *report,
                 struct report_document *document)
{
    add_head(document, source, report);
    add_counts(document, report);
    add_ledger(document, report);
    add_rules(document, report);
    add_incidents(document, source, report);
    add_programmes(document, source, report);
    for (size_t i = 0; i < report->count; i++) {
        add_bar(document, &report->channels[i]);
        add_chain(document, &report->channels[i]);
        add_warnings(document, source, &report->channels[i]);
    }
    return report_document_error(document);
}
