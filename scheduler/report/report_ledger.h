/* SPDX-License-Identifier: MIT */
/*
 * report_ledger: 停播、错播、垫播 of a day, in seconds, by rule.
 *
 * Each class of time (report_compare.h) is booked under one account with one
 * weight: the table in report_ledger.c is the only place that says so, and
 * README.md explains it.  As each frame is of one class, nothing counts twice.
 *
 * What counts as off the air (计入停播) is the sum of all accounts by weight.
 *
 * Pure functions; any thread.
 */
#ifndef SCHEDULER_REPORT_REPORT_LEDGER_H
#define SCHEDULER_REPORT_REPORT_LEDGER_H

#include "scheduler/report/report_compare.h"

#include <stdbool.h>
#include <stdint.h>

enum ledger_account {
    ACCOUNT_NONE,   /* counts nothing */
    ACCOUNT_TINGBO, /* 停播: off the air */
    ACCOUNT_CUOBO,  /* 错播: wrong content */
    ACCOUNT_DIANBO, /* 垫播: unplanned filler */
    ACCOUNT_COUNT,
};

/* How a class is booked. */
struct ledger_rule {
    enum report_class class;
    enum ledger_account account;
    int percent;      /* of its time that counts as off the air */
    bool is_incident; /* listed one by one */
    const char *name; /* N_(): for people */
};

const struct ledger_rule *ledger_rule(enum report_class class);

/* "off air (停播)" ...: N_(). */
const char *ledger_account_name(enum ledger_account account);

struct ledger {
    int64_t frames[ACCOUNT_COUNT]; /* as they were */
    int64_t counted_centiframes;   /* hundredths of frames that count as off the air */
    int64_t unrecorded;            /* frames without a line */
    int64_t unbegun;               /* frames before the first plan, without a line */
    int64_t waiting;               /* frames of the slate before the first plan */
    int64_t incidents;             /* spans that are listed */
};

/* The ledger of a comparison. */
struct ledger ledger_of(const struct comparison *comparison);
void ledger_add(struct ledger *sum, const struct ledger *ledger);

/* All frames that were booked, those that count nothing included. */
int64_t ledger_total(const struct ledger *ledger);

/*
 * True when there is nothing to report: the channel had begun, and it was not off
 * air, wrong content or filler, and no time is without a line.
 */
bool ledger_is_nil(const struct ledger *ledger);

/* True when there is time to tell of, and not one line tells of any of it. */
bool ledger_is_without_record(const struct ledger *ledger);

/* True when the slate was on the air for want of a first plan, and nothing but it. */
bool ledger_is_waiting(const struct ledger *ledger);

/* Seconds, exact to a hundredth of a frame. */
double ledger_seconds(int64_t frames);
double ledger_counted_seconds(const struct ledger *ledger);

#endif
