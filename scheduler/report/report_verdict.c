/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_verdict.h"

#include "playout/intl.h"

#include <stdio.h>

enum { UNTIL_SIZE = 64 };

static const char *nil_sentence(const struct ledger_stretch *stretch)
{
    if (stretch->until != NULL) {
        return _("nothing off the air, no wrong content, no unplanned filler so far. A nil report "
                 "(零报告) can be given when it is over.");
    }
    return stretch->is_day ? _("Nil report (零报告): nothing off the air, no wrong content, no "
                               "unplanned filler on this day.")
                           : _("Nil report (零报告): nothing off the air, no wrong content, no "
                               "unplanned filler in this week.");
}

static const char *no_record_sentence(const struct ledger_stretch *stretch)
{
    return stretch->is_day ? _("No as-run record of this day exists, so what aired is not known: "
                               "this is no nil report. The notes say why.")
                           : _("No as-run record of this week exists, so what aired is not known: "
                               "this is no nil report. The daily reports say why.");
}

static const char *unbegun_sentence(const struct ledger_stretch *stretch)
{
    return stretch->is_day ? _("No as-run record of this day exists, and there was no plan yet: "
                               "not yet on the air (尚未开播). This is no nil report.")
                           : _("No as-run record of this week exists, and there was no plan yet: "
                               "not yet on the air (尚未开播). This is no nil report.");
}

static const char *waiting_sentence(const struct ledger_stretch *stretch)
{
    return stretch->is_day ? _("The slate alone was on the air, for there is no plan yet: this is "
                               "no nil report. The notes say when.")
                           : _("The slate alone was on the air, for there is no plan yet: this is "
                               "no nil report. The daily reports say when.");
}

void report_verdict(struct report_document *document, const struct ledger *ledger, int64_t lessons,
                    const struct ledger_stretch *stretch)
{
    char until[UNTIL_SIZE] = "";
    const bool is_known = ledger->unrecorded == 0 && !ledger_is_waiting(ledger);
    const char *holiday = lessons > 0 || !is_known ? ""
                          : stretch->is_day        ? _("No lessons on this day. ")
                                                   : _("No lessons in this week. ");
    if (ledger_total(ledger) == 0) {
        document_verdict(document, false, "%s", _("Nothing is recorded yet."));
        return;
    }
    if (stretch->until != NULL) {
        snprintf(until, sizeof(until), _("Until %s: "), stretch->until);
    }
    if (ledger_is_without_record(ledger)) {
        document_verdict(document, false, "%s%s", until,
                         ledger->unrecorded == 0 ? unbegun_sentence(stretch)
                                                 : no_record_sentence(stretch));
        return;
    }
    if (ledger->waiting > 0 && ledger->waiting + ledger->unbegun == ledger_total(ledger)) {
        document_verdict(document, false, "%s%s", until, waiting_sentence(stretch));
        return;
    }
    if (ledger_is_nil(ledger)) {
        document_verdict(document, stretch->until == NULL, "%s%s%s", until, holiday,
                         nil_sentence(stretch));
        return;
    }
    document_verdict(document, false,
                     _("%s%sOff the air %.2f s, wrong content %.2f s, unplanned filler %.2f s; "
                       "%.2f s count as off the air; no record of %.2f s."),
                     until[0] != '\0' ? _("So far: ") : "", holiday,
                     ledger_seconds(ledger->frames[ACCOUNT_TINGBO]),
                     ledger_seconds(ledger->frames[ACCOUNT_CUOBO]),
                     ledger_seconds(ledger->frames[ACCOUNT_DIANBO]), ledger_counted_seconds(ledger),
                     ledger_seconds(ledger->unrecorded));
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

static const char *row_verdict(const struct ledger *ledger, int64_t lessons, bool is_over)
{
    if (ledger->unrecorded > 0) {
        return _("no record");
    }
    if (ledger_is_without_record(ledger)) {
        return _("not begun");
    }
    if (lessons == 0 && ledger_is_waiting(ledger)) {
        return _("no plan yet, slate");
    }
    if (!ledger_is_nil(ledger)) {
        return lessons == 0 ? _("no lessons") : "";
    }
    if (!is_over) {
        return _("nil so far");
    }
    return lessons == 0 ? _("no lessons, nil report") : _("nil report");
}

void report_ledger_row(struct report_document *document, const struct ledger *ledger,
                       int64_t lessons, bool is_over)
{
    for (int account = ACCOUNT_TINGBO; account < ACCOUNT_COUNT; account++) {
        document_seconds(document, ledger_seconds(ledger->frames[account]));
    }
    document_seconds(document, ledger_counted_seconds(ledger));
    document_seconds(document, ledger_seconds(ledger->unrecorded));
    document_integer(document, ledger->incidents);
    document_text(document, "%s", row_verdict(ledger, lessons, is_over));
}
