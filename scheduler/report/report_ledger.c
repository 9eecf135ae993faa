/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_ledger.h"

#include "playout/intl.h"
#include "playout/station.h"

/*
 * The rules.  A district that counts otherwise changes this table, and nothing
 * else.  In order of enum report_class.
 */
static const struct ledger_rule rules[CLASS_COUNT] = {
    {CLASS_PLANNED, ACCOUNT_NONE, 0, false, N_("as planned")},
    {CLASS_FILLING, ACCOUNT_NONE, 0, false, N_("filler as planned")},
    {CLASS_SUBSTITUTED, ACCOUNT_NONE, 0, true, N_("planned substitute")},
    {CLASS_CHANGED, ACCOUNT_NONE, 0, true, N_("changed by a later plan")},
    {CLASS_OFF_AIR, ACCOUNT_TINGBO, 100, true, N_("no signal")},
    {CLASS_MUTED, ACCOUNT_TINGBO, 100, true, N_("output muted")},
    {CLASS_SLATE, ACCOUNT_TINGBO, 100, true, N_("slate instead of a lesson")},
    {CLASS_PLANLESS, ACCOUNT_TINGBO, 100, true, N_("slate for want of a plan")},
    {CLASS_WRONG, ACCOUNT_CUOBO, 100, true, N_("wrong content")},
    {CLASS_FILLER, ACCOUNT_DIANBO, 50, true, N_("unplanned filler")},
    {CLASS_UNRECORDED, ACCOUNT_NONE, 0, true, N_("no record")},
    {CLASS_NOTHING, ACCOUNT_NONE, 0, false, N_("nothing planned")},
    {CLASS_WAITING, ACCOUNT_NONE, 0, false, N_("slate before the first plan")},
};

static const char *const account_names[ACCOUNT_COUNT] = {
    N_("not counted"),
    N_("off the air (停播)"),
    N_("wrong content (错播)"),
    N_("unplanned filler (垫播)"),
};

const struct ledger_rule *ledger_rule(enum report_class class)
{
    return &rules[class];
}

const char *ledger_account_name(enum ledger_account account)
{
    return account_names[account];
}

struct ledger ledger_of(const struct comparison *comparison)
{
    struct ledger ledger = {.unrecorded = comparison->frames[CLASS_UNRECORDED],
                            .unbegun = comparison->frames[CLASS_NOTHING],
                            .waiting = comparison->frames[CLASS_WAITING]};
    for (int class = 0; class < CLASS_COUNT; class ++) {
        ledger.frames[rules[class].account] += comparison->frames[class];
        ledger.counted_centiframes += comparison->frames[class] * rules[class].percent;
    }
    if (comparison->is_unknown) { /* that is neither nil nor not begun */
        ledger.unrecorded = comparison->to - comparison->from;
        ledger.unbegun = 0;
    }
    for (size_t i = 0; i < comparison->span_count; i++) {
        ledger.incidents += rules[comparison->spans[i].class].is_incident;
    }
    return ledger;
}

void ledger_add(struct ledger *sum, const struct ledger *ledger)
{
    for (int account = 0; account < ACCOUNT_COUNT; account++) {
        sum->frames[account] += ledger->frames[account];
    }
    sum->counted_centiframes += ledger->counted_centiframes;
    sum->unrecorded += ledger->unrecorded;
    sum->unbegun += ledger->unbegun;
    sum->waiting += ledger->waiting;
    sum->incidents += ledger->incidents;
}

int64_t ledger_total(const struct ledger *ledger)
{
    int64_t total = 0;
    for (int account = 0; account < ACCOUNT_COUNT; account++) {
        total += ledger->frames[account];
    }
    return total;
}

bool ledger_is_nil(const struct ledger *ledger)
{
    return ledger_total(ledger) > ledger->unbegun + ledger->waiting &&
           ledger->frames[ACCOUNT_TINGBO] == 0 && ledger->frames[ACCOUNT_CUOBO] == 0 &&
           ledger->frames[ACCOUNT_DIANBO] == 0 && ledger->unrecorded == 0;
}

bool ledger_is_without_record(const struct ledger *ledger)
{
    const int64_t total = ledger_total(ledger);
    return total > 0 && ledger->unrecorded + ledger->unbegun == total;
}

bool ledger_is_waiting(const struct ledger *ledger)
{
    return ledger->waiting > 0 &&
           ledger->frames[ACCOUNT_NONE] == ledger->waiting + ledger->unbegun + ledger->unrecorded;
}

double ledger_seconds(int64_t frames)
{
    return (double)frames / FRAMES_PER_SECOND;
}

double ledger_counted_seconds(const struct ledger *ledger)
{
    return (double)ledger->counted_centiframes / 100 / FRAMES_PER_SECOND;
}
