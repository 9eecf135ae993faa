/* SPDX-License-Identifier: MIT */
#include "scheduler/rehearse/rehearse_fault.h"

#include "playout/intl.h"
#include "playout/suggest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_MINUTES = 24 * 60 };

static const char *const WORDS[] = {
    [FAULT_MISSING] = "missing", [FAULT_LATE] = "late",   [FAULT_OVERRUN] = "overrun",
    [FAULT_CHANGE] = "change",   [FAULT_ORDER] = "order", NULL,
};

static const char *const EXAMPLES[] = {
    [FAULT_MISSING] = "missing:KT-05",
    [FAULT_LATE] = "late:KT-05@2026-11-24 10:30",
    [FAULT_OVERRUN] = "overrun:linzi@2026-11-24 10:00+15",
    [FAULT_CHANGE] = "change:new/linzi.yaml@2026-11-25 09:00",
    [FAULT_ORDER] = "order:linzi@2026-11-24 10:10={\"command\":\"slate\",\"reason\":\"…\"}",
};

static int refuse(char why[REHEARSE_FAULT_TEXT], enum rehearse_fault_kind kind, const char *what)
{
    snprintf(why, REHEARSE_FAULT_TEXT, _("%s; it is written as in '%s'"), what, EXAMPLES[kind]);
    return -EINVAL;
}

static int refuse_word(char why[REHEARSE_FAULT_TEXT], const char *text, size_t length)
{
    char word[24];
    snprintf(word, sizeof(word), "%.*s", (int)length, text);
    const char *meant = suggest(word, WORDS);
    if (meant != NULL) {
        snprintf(why, REHEARSE_FAULT_TEXT, _("there is no fault '%s'; is %s meant?"), word, meant);
    } else {
        snprintf(why, REHEARSE_FAULT_TEXT,
                 _("there is no fault '%s'; there are missing, late, overrun, change and order"),
                 word);
    }
    return -EINVAL;
}

/* "2026-11-24 10:30", also with a T; *rest is what follows.  False when it is none. */
static bool read_time(const char *text, const struct zone *zone, int64_t *at_s, const char **rest)
{
    struct civil civil = {0};
    struct civil back;
    char separator = 0;
    int length = 0;
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &civil.year, &civil.month, &civil.day, &separator,
               &civil.hour, &civil.minute, &length) != 6 ||
        (separator != ' ' && separator != 'T') || civil.hour > 23 || civil.minute > 59) {
        return false;
    }
    *at_s = zone_from_civil(zone, &civil);
    zone_to_civil(zone, *at_s, &back);
    *rest = text + length;
    return back.year == civil.year && back.month == civil.month && back.day == civil.day;
}

/* What stands behind the time. */
static int read_rest(const char *rest, struct rehearse_fault *fault, char why[REHEARSE_FAULT_TEXT])
{
    char *end = NULL;
    if (fault->kind == FAULT_OVERRUN) {
        fault->minutes = rest[0] == '+' ? strtol(rest + 1, &end, 10) : 0;
        return fault->minutes >= 1 && fault->minutes <= LONGEST_MINUTES && *end == '\0'
                   ? 0
                   : refuse(why, fault->kind, _("after the time it needs + and minutes"));
    }
    if (fault->kind == FAULT_ORDER) {
        fault->order = rest[0] == '=' ? json_loads(rest + 1, 0, NULL) : NULL;
        return json_is_object(fault->order)
                   ? 0
                   : refuse(why, fault->kind, _("after the time it needs = and an order as JSON"));
    }
    return rest[0] == '\0' ? 0 : refuse(why, fault->kind, _("there is too much behind the time"));
}

static int read_fault(const char *text, const struct zone *zone, struct rehearse_fault *fault,
                      char why[REHEARSE_FAULT_TEXT])
{
    /* A file's name may hold an @: the last one that a time follows counts; JSON may, too. */
    const char *at = fault->kind == FAULT_CHANGE ? strrchr(text, '@') : strchr(text, '@');
    const char *rest = NULL;
    const size_t length = at != NULL ? (size_t)(at - text) : strlen(text);
    if (length == 0) {
        return refuse(why, fault->kind, _("it does not say of what"));
    }
    fault->what = strndup(text, length);
    if (fault->what == NULL) {
        return -ENOMEM;
    }
    if (fault->kind == FAULT_MISSING) {
        return at == NULL ? 0 : refuse(why, fault->kind, _("it has no time"));
    }
    if (at == NULL || !read_time(at + 1, zone, &fault->at_s, &rest)) {
        return refuse(why, fault->kind, _("it needs @ and a time"));
    }
    return read_rest(rest, fault, why);
}

int rehearse_fault_parse(const char *text, const struct zone *zone, struct rehearse_fault *fault,
                         char why[REHEARSE_FAULT_TEXT])
{
    const size_t length = strcspn(text, ":");
    struct rehearse_fault fresh = {.text = text};
    size_t kind = 0;
    while (WORDS[kind] != NULL &&
           (strncmp(WORDS[kind], text, length) != 0 || WORDS[kind][length] != '\0')) {
        kind++;
    }
    if (WORDS[kind] == NULL || length == 0) {
        return refuse_word(why, text, length);
    }
    fresh.kind = (enum rehearse_fault_kind)kind;
    const int result = read_fault(text + length + (text[length] == ':'), zone, &fresh, why);
    if (result < 0) {
        rehearse_fault_finish(&fresh);
        return result;
    }
    *fault = fresh;
    return 0;
}

void rehearse_fault_finish(struct rehearse_fault *fault)
{
    free(fault->what);
    json_decref(fault->order);
    *fault = (struct rehearse_fault){0};
}
