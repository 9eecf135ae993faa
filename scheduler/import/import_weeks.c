/* SPDX-License-Identifier: MIT */
/* The lists of weeks of import_date.h. */
#include "scheduler/import/import_date.h"

#include "scheduler/import/import_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum parity {
    EVERY_WEEK,
    ODD_WEEKS,
    EVEN_WEEKS,
};

static uint64_t weeks_of(int from, int to, enum parity parity)
{
    uint64_t weeks = 0;
    for (int week = from; week <= to && week <= IMPORT_WEEKS_MOST; week++) {
        const bool is_odd = week % 2 == 1;
        if (parity == EVERY_WEEK || is_odd == (parity == ODD_WEEKS)) {
            weeks |= UINT64_C(1) << week;
        }
    }
    return weeks;
}

uint64_t import_weeks_all(void)
{
    return weeks_of(1, IMPORT_WEEKS_MOST, EVERY_WEEK);
}

static bool take(const char **at, const char *word)
{
    if (!import_text_starts(*at, word)) {
        return false;
    }
    *at += strlen(word);
    return true;
}

static void skip(const char **at, const char *some)
{
    *at += strspn(*at, some);
}

/* 周, 单, (双), 周(单): in any order, each at most once. */
static enum parity take_parity(const char **at)
{
    enum parity parity = EVERY_WEEK;
    for (int i = 0; i < 3; i++) {
        skip(at, " ()");
        if (take(at, "单")) {
            parity = ODD_WEEKS;
        } else if (take(at, "双")) {
            parity = EVEN_WEEKS;
        } else if (!take(at, "周")) {
            break;
        }
    }
    skip(at, " ()");
    return parity;
}

/* One element: 单周, 第3周, 7-11单. */
static bool take_weeks(const char **at, uint64_t *weeks)
{
    int from = 0;
    skip(at, " ");
    take(at, "第");
    const size_t length = import_numeral(*at, &from);
    if (length == 0) {
        const enum parity parity = take_parity(at);
        *weeks |= weeks_of(1, IMPORT_WEEKS_MOST, parity);
        return parity != EVERY_WEEK;
    }
    *at += length;
    int to = from;
    skip(at, " ");
    if (take(at, "-") || take(at, "至") || take(at, "到")) {
        skip(at, " -");
        take(at, "第");
        const size_t second = import_numeral(*at, &to);
        if (second == 0) {
            return false;
        }
        *at += second;
    }
    const uint64_t found = weeks_of(from, to, take_parity(at));
    *weeks |= found;
    return from >= 1 && to >= from && to <= IMPORT_WEEKS_MOST && found != 0;
}

int import_weeks_read(const char *text, uint64_t *weeks)
{
    const char *at = text;
    uint64_t found = 0;
    skip(&at, " ");
    if (*at == '\0') {
        *weeks = import_weeks_all();
        return 0;
    }
    for (;;) {
        if (!take_weeks(&at, &found)) {
            return -EINVAL;
        }
        if (*at == '\0') {
            break;
        }
        if (!take(&at, ",") && !take(&at, "、") && !take(&at, ";")) {
            return -EINVAL;
        }
    }
    *weeks = found;
    return 0;
}

static bool holds(uint64_t weeks, int week)
{
    return week <= IMPORT_WEEKS_MOST && (weeks >> week & 1) != 0;
}

/* The last week of the run from `week`, of every week or of every other one. */
static int run_end(uint64_t weeks, int week, int step)
{
    while (holds(weeks, week + step) && (step == 1 || !holds(weeks, week + 1))) {
        week += step;
    }
    return week;
}

const char *import_weeks_text(uint64_t weeks, char text[IMPORT_WEEKS_TEXT_SIZE])
{
    if (weeks == weeks_of(1, IMPORT_WEEKS_MOST, ODD_WEEKS)) {
        return strcpy(text, "单周");
    }
    if (weeks == weeks_of(1, IMPORT_WEEKS_MOST, EVEN_WEEKS)) {
        return strcpy(text, "双周");
    }
    size_t used = 0;
    int elements = 0;
    text[0] = '\0';
    for (int week = 1; week <= IMPORT_WEEKS_MOST; week++) {
        if (!holds(weeks, week)) {
            continue;
        }
        const int last = run_end(weeks, week, 1);
        const int last_of_two = run_end(weeks, week, 2);
        const char *comma = used > 0 ? "、" : "";
        const size_t room = IMPORT_WEEKS_TEXT_SIZE - used;
        int wrote = 0;
        if (last == week && last_of_two >= week + 4) {
            wrote = snprintf(text + used, room, "%s%d-%d%s", comma, week, last_of_two,
                             week % 2 == 1 ? "单" : "双");
            week = last_of_two;
        } else if (last > week) {
            wrote = snprintf(text + used, room, "%s%d-%d", comma, week, last);
            week = last;
        } else {
            wrote = snprintf(text + used, room, "%s%d", comma, week);
        }
        used += (size_t)wrote;
        elements++;
    }
    if (elements == 1 && strchr(text, '-') == NULL) {
        char number[8];
        snprintf(number, sizeof(number), "%.4s", text);
        snprintf(text, IMPORT_WEEKS_TEXT_SIZE, "第%s周", number);
    }
    return text;
}
