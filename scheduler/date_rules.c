/* SPDX-License-Identifier: MIT */
/* date_rules: what is special about some dates, as read from a file. */
#include "scheduler/calendar.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATES_LONGEST = 400, RUNS_SIZE = 128 };

static const struct shape_word suspensions[] = {{"drop", "停上", SUSPENDED_DROP},
                                                {"shift", "顺延", SUSPENDED_SHIFT},
                                                {"make_up", "补", SUSPENDED_MAKE_UP},
                                                {0}};

static const struct shape_key date_rule_keys[] = {
    {.name = "date", .type = SHAPE_DATE, .is_needed = true, .doc = N_("the date, or the first")},
    {.name = "until", .type = SHAPE_DATE, .doc = N_("the last date")},
    {.name = "holiday", .type = SHAPE_TEXT, .doc = N_("no lessons: the name of the holiday")},
    {.name = "runs",
     .type = SHAPE_TEXT,
     .doc = N_("the timetable of another day: a date, a weekday, or a week and a weekday")},
    {.name = "suspended",
     .type = SHAPE_WORD,
     .words = suspensions,
     .doc = N_("no lessons, and what becomes of them: dropped, shifted, or made up")},
    {.name = "reason", .type = SHAPE_TEXT, .doc = N_("why")},
    {0},
};

const struct shape date_rule_shape = {"date", date_rule_keys};

/* Where the weekday begins in "单周周四"; NULL when there is none. */
static const char *find_weekday(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (when_day(at) >= 0) {
            return at;
        }
    }
    return NULL;
}

static int parse_runs(const char *text, struct date_rule *rule)
{
    char weeks[RUNS_SIZE];
    if (when_date(text, &rule->runs_date) == 0) {
        rule->runs_by_date = true;
        return 0;
    }
    const char *day = find_weekday(text);
    if (day == NULL || (size_t)(day - text) >= sizeof(weeks)) {
        return -EINVAL;
    }
    rule->runs_day = when_day(day);
    snprintf(weeks, sizeof(weeks), "%.*s", (int)(day - text), text);
    return weeks[0] == '\0' ? 0 : when_weeks(weeks, &rule->runs_weeks);
}

/* Exactly one of three keys says what the dates are. */
static bool read_kind(const struct reader *reader, const struct yaml_node *node,
                      struct date_rule *rule)
{
    const char *holiday = reader_text(node, "holiday", NULL);
    const char *runs = reader_text(node, "runs", NULL);
    const bool is_suspended = reader_get(node, "suspended") != NULL;
    if ((holiday != NULL) + (runs != NULL) + is_suspended != 1) {
        reader_complain(reader, node,
                        _("say one of 'holiday', 'runs' and 'suspended' of this date"));
        return false;
    }
    if (holiday != NULL) {
        rule->kind = DATE_HOLIDAY;
        rule->reason = reader_text(node, "reason", holiday);
    } else if (is_suspended) {
        rule->kind = DATE_SUSPENDED;
        rule->suspension =
            (enum suspension)reader_word(node, "suspended", suspensions, SUSPENDED_DROP);
    } else {
        rule->kind = DATE_RUNS;
        if (parse_runs(runs, rule) < 0) {
            reader_complain(reader, reader_get(node, "runs"),
                            _("'%s' is no day; write a date as 2020-05-05, a weekday as 周二, or "
                              "a week and a weekday as 单周周四"),
                            runs);
            return false;
        }
    }
    return true;
}

static bool read_rule(const struct reader *reader, const struct yaml_node *node,
                      struct date_rule *rule)
{
    const struct yaml_node *until = reader_get(node, "until");
    *rule = (struct date_rule){.first = reader_date(node, "date", 0),
                               .reason = reader_text(node, "reason", ""),
                               .place = reader_place(reader, node)};
    rule->last = reader_date(node, "until", rule->first);
    if (until != NULL && (rule->last < rule->first || rule->last > rule->first + DATES_LONGEST)) {
        reader_complain(reader, until, _("'until' must be up to %d days after 'date'"),
                        DATES_LONGEST);
        return false;
    }
    return read_kind(reader, node, rule);
}

static void check_others(const struct reader *reader, const struct yaml_node *node,
                         const struct date_rules *rules, const struct date_rule *rule)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct date_rule *other = &rules->items[i];
        if (other->place.file == rule->place.file && rule->first <= other->last &&
            other->first <= rule->last) {
            reader_complain(reader, node, _("line %d says already what these dates are"),
                            other->place.line);
            return;
        }
    }
}

int date_rules_read(const struct reader *reader, const struct yaml_node *list,
                    struct date_rules *rules)
{
    struct date_rule *grown =
        realloc(rules->items, (rules->count + reader_count(list) + 1) * sizeof(rules->items[0]));
    if (grown == NULL) {
        return -ENOMEM;
    }
    rules->items = grown;
    for (size_t i = 0; i < reader_count(list); i++) {
        struct date_rule rule;
        const struct yaml_node *node = reader_item(list, i);
        if (node->type == YAML_TREE_MAPPING && read_rule(reader, node, &rule)) {
            check_others(reader, node, rules, &rule);
            rules->items[rules->count++] = rule;
        }
    }
    return 0;
}

void date_rules_finish(struct date_rules *rules)
{
    free(rules->items);
    *rules = (struct date_rules){0};
}
