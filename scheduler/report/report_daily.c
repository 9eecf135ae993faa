/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_daily.h"

#include "playout/intl.h"
#include "scheduler/reasons_text.h"
#include "scheduler/report/report_daily_inner.h"
#include "scheduler/report/report_verdict.h"
#include "scheduler/when.h"

#include <stdio.h>
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
    [CLASS_NOTHING] = BAR_UNKNOWN,     [CLASS_PLANLESS] = BAR_FAULT,
    [CLASS_WAITING] = BAR_FILLING,
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

/* --- How far a day has come --------------------------------------------------------- */

/* Up to where all channels tell: of one that is silent since nothing can be said. */
static int64_t recorded_until(const struct daily_report *report)
{
    int64_t until = report->channels[0].until;
    for (size_t i = 1; i < report->count; i++) {
        const int64_t other = report->channels[i].until;
        until = other < until ? other : until;
    }
    return until;
}

/* "14:32", or NULL: the day is over. */
static const char *until_text(const struct report_source *source, const struct daily_report *report,
                              char text[ZONE_TEXT_SIZE])
{
    const int64_t until = recorded_until(report);
    if (until >= report->channels[0].day.to) {
        return NULL;
    }
    zone_frame_text(source->zone, until, text);
    text[16] = '\0'; /* 2026-11-23 14:32 */
    return text + 11;
}

static bool is_all_over(const struct daily_report *report)
{
    return recorded_until(report) >= report->channels[0].day.to;
}

/* A table of totals: of a day that is not over each channel's are up to a time of its own. */
static void begin_totals(struct report_document *document, const struct daily_report *report,
                         const char *heading)
{
    char whole[256];
    if (!is_all_over(report)) {
        snprintf(whole, sizeof(whole), _("%s (the day is not over)"), heading);
    }
    document_table(document, TABLE_SUMMARY, is_all_over(report) ? heading : whole);
    document_column(document, _("Channel"), 20);
    if (!is_all_over(report)) {
        document_column(document, _("Counted until"), 14);
    }
}

/* The first cells of a row of totals; NULL: of all channels. */
static void begin_row(struct report_document *document, const struct report_source *source,
                      const struct daily_report *report, const struct channel_day *channel)
{
    char text[ZONE_TEXT_SIZE];
    document_text(document, "%s", channel != NULL ? channel->service->title : _("All channels"));
    if (is_all_over(report)) {
        return;
    }
    if (channel == NULL) {
        document_text(document, "%s", "");
    } else {
        document_text(document, "%.8s", zone_frame_text(source->zone, channel->until, text) + 11);
    }
}

/* --- Tables ----------------------------------------------------------------------- */

static void add_counts(struct report_document *document, const struct report_source *source,
                       const struct daily_report *report)
{
    begin_totals(document, report, _("Programmes"));
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
            begin_row(document, source, report, channel);
            document_text(document, "%s", _(category_names[category]));
            document_integer(document, planned);
            document_integer(document, counts.aired[category]);
            document_integer(document, counts.as_planned[category]);
            document_integer(document, planned - counts.as_planned[category]);
        }
    }
}

static void add_ledger(struct report_document *document, const struct report_source *source,
                       const struct daily_report *report)
{
    struct ledger sum = {0};
    int64_t lessons = 0;
    char text[ZONE_TEXT_SIZE];
    const struct ledger_stretch stretch = {.is_day = true,
                                           .until = until_text(source, report, text)};
    begin_totals(document, report, _("Ledger, in seconds"));
    report_ledger_columns(document);
    for (size_t i = 0; i < report->count; i++) {
        const struct channel_day *channel = &report->channels[i];
        const struct programme_counts counts = programme_counts_of(&channel->comparison);
        const int64_t planned = programme_counts_lessons(counts.planned);
        begin_row(document, source, report, channel);
        report_ledger_row(document, &channel->ledger, planned, channel_day_is_over(channel));
        ledger_add(&sum, &channel->ledger);
        lessons += planned;
    }
    if (report->count > 1) {
        begin_row(document, source, report, NULL);
        report_ledger_row(document, &sum, lessons, stretch.until == NULL);
    }
    report_verdict(document, &sum, lessons, &stretch);
}

static void add_rules(struct report_document *document, const struct report_source *source,
                      const struct daily_report *report)
{
    begin_totals(document, report, _("By rule, in seconds"));
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
            begin_row(document, source, report, channel);
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

/* The title that the plan gave it, or else the catalogue; NULL: none. */
static const char *title_of(const struct report_source *source, const char *house_number,
                            const char *planned)
{
    const struct catalogue_entry *entry = report_catalogue_find(source->catalogue, house_number);
    return planned != NULL ? planned : entry != NULL ? entry->title : NULL;
}

static void add_planned(struct report_document *document, const struct report_source *source,
                        const struct comparison *comparison, const struct compared_span *span)
{
    const char *number = NULL;
    const char *title = NULL;
    if (span->was != NULL) {
        number = report_plan_house_number(span->was);
        title = span->was->title;
    } else if (span->programme >= 0) {
        number = comparison->programmes[span->programme].house_number;
        title = comparison->programmes[span->programme].title;
    }
    if (span->was_filling || (span->was == NULL && span->programme < 0)) {
        document_text(document, "%s", _("filler"));
    } else {
        add_name(document, number, title_of(source, number, title));
    }
}

/* What was on air in its place. */
static void add_aired(struct report_document *document, const struct report_source *source,
                      const struct compared_span *span)
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
        add_name(document, record->house_number,
                 title_of(source, record->house_number, span->title));
    } else if (span->aired[0] == '\0' || span->class == CLASS_FILLER) {
        document_text(document, "%s", span->aired[0] == '\0' ? _("slate") : _("filler"));
    } else {
        document_text(document, _("media %.12s…"), span->aired);
    }
}

/* What the order or the plan says, then what was told afterwards. */
static void add_reason(struct report_document *document, const struct compared_span *span,
                       const struct report_remarks *remarks)
{
    char reason[REASONS_TEXT_SIZE];
    reasons_text(span->reason, reason, sizeof(reason));
    const struct report_remark *remark = report_remarks_find(remarks, span->from, span->to);
    if (remark == NULL) {
        document_text(document, "%s", reason);
    } else if (reason[0] == '\0') {
        document_text(document, _("%s (told afterwards by %s)"), remark->reason, remark->author);
    } else {
        document_text(document, _("%s; %s (told afterwards by %s)"), reason, remark->reason,
                      remark->author);
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
        add_aired(document, source, span);
        add_reason(document, span, &channel->remarks);
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
    const char *title = title_of(source, programme->house_number, programme->title);
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

/* --- Bars and head ------------------------------------------------------------------- */

static void add_bar(struct report_document *document, const struct channel_day *channel)
{
    const struct comparison *comparison = &channel->comparison;
    document_bar(document, channel->service->title, channel->day.from, channel->day.to);
    for (size_t i = 0; i < comparison->span_count; i++) {
        const struct compared_span *span = &comparison->spans[i];
        document_bar_part(document, colours[span->class], span->from, span->to);
    }
}

static void add_head(struct report_document *document, const struct report_source *source,
                     const struct daily_report *report)
{
    const struct channel_day *first = &report->channels[0];
    document->is_of_one_day = true;
    document_title(document, _("%s: daily broadcast report"), source->station->name);
    document_line(document, _("Day: %s, %s"), first->day.date,
                  when_day_name(civil_weekday(first->day.number)));
    if (!is_all_over(report)) {
        document_line(
            document, "%s",
            _("The day is not over: each channel is counted until the time beside it; what "
              "is on the air since then is counted when it ends."));
    }
}

int report_daily(const struct report_source *source, const struct daily_report *report,
                 struct report_document *document)
{
    add_head(document, source, report);
    add_counts(document, source, report);
    add_ledger(document, source, report);
    add_rules(document, source, report);
    add_incidents(document, source, report);
    add_programmes(document, source, report);
    for (size_t i = 0; i < report->count; i++) {
        add_bar(document, &report->channels[i]);
        report_daily_notes(document, source, &report->channels[i]);
    }
    return report_document_error(document);
}
