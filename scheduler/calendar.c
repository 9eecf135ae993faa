/* SPDX-License-Identifier: MIT */
#include "scheduler/calendar.h"

#include "playout/intl.h"
#include "playout/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A calendar in memory: the tree keeps the texts. */
struct calendar_store {
    struct calendar calendar; /* first */
    struct source_file file;
    struct yaml_tree *tree;
    char *path;
    char *name;
};

static const struct shape_key term_keys[] = {
    {.name = "name", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("the name of the term")},
    {.name = "week_1",
     .type = SHAPE_DATE,
     .is_needed = true,
     .doc = N_("the Monday of its first week")},
    {.name = "weeks",
     .type = SHAPE_NUMBER,
     .is_needed = true,
     .least = 1,
     .most = WEEKS_MOST,
     .doc = N_("how many weeks it has")},
    {0},
};

static const struct shape term_shape = {"term", term_keys};

static const struct shape_key calendar_keys[] = {
    {.name = "format",
     .type = SHAPE_NUMBER,
     .is_needed = true,
     .least = 1,
     .most = 1,
     .doc = N_("the version of this language: 1")},
    {.name = "title", .type = SHAPE_TEXT, .doc = N_("a name for people")},
    {.name = "terms",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .object = &term_shape,
     .doc = N_("the terms; outside of them there are no lessons")},
    {.name = "dates",
     .type = SHAPE_OBJECT,
     .form = SHAPE_LIST,
     .object = &date_rule_shape,
     .doc = N_("holidays, swapped days, suspensions")},
    {0},
};

const struct shape calendar_shape = {"Ketang calendar 校历", calendar_keys};

const struct term *calendar_term(const struct calendar *calendar, int64_t date)
{
    for (size_t i = 0; calendar != NULL && i < calendar->term_count; i++) {
        const struct term *term = &calendar->terms[i];
        if (date >= term->week_1 && date < term->week_1 + (int64_t)term->weeks * DAYS_PER_WEEK) {
            return term;
        }
    }
    return NULL;
}

int calendar_week(const struct calendar *calendar, int64_t date)
{
    const struct term *term = calendar_term(calendar, date);
    return term != NULL ? (int)((date - term->week_1) / DAYS_PER_WEEK) + 1 : 0;
}

const struct date_rule *date_rules_find(const struct date_rules *rules, int64_t date)
{
    for (size_t i = rules->count; i > 0; i--) {
        const struct date_rule *rule = &rules->items[i - 1];
        if (date >= rule->first && date <= rule->last) {
            return rule;
        }
    }
    return NULL;
}

/* The nearest week of the set: the last one up to that of the date, or else the first after. */
static int nearest_week(const struct week_set *set, int week)
{
    for (int back = week; back >= 1; back--) {
        if ((set->weeks >> back & 1u) != 0) {
            return back;
        }
    }
    for (int on = week; on <= WEEKS_MOST; on++) {
        if ((set->weeks >> on & 1u) != 0) {
            return on;
        }
    }
    return week;
}

int64_t date_rule_source(const struct date_rule *rule, const struct calendar *calendar,
                         int64_t date)
{
    const struct term *term = calendar_term(calendar, date);
    if (rule->runs_by_date) {
        return rule->runs_date;
    }
    if (rule->runs_weeks.weeks == 0 || term == NULL) {
        return monday_of(date) + rule->runs_day;
    }
    int week = nearest_week(&rule->runs_weeks, calendar_week(calendar, date));
    int64_t source = term->week_1 + (int64_t)(week - 1) * DAYS_PER_WEEK + rule->runs_day;
    if (source >= date && !rule->runs_weeks.is_numbered && week > 1) {
        /* Thursday's lessons of an odd week are made up after they were missed. */
        week = nearest_week(&rule->runs_weeks, week - 1);
        source = term->week_1 + (int64_t)(week - 1) * DAYS_PER_WEEK + rule->runs_day;
    }
    return source;
}

/* --- Reading --------------------------------------------------------------------- */

static void check_term(const struct reader *reader, const struct yaml_node *node,
                       const struct calendar *calendar, size_t index)
{
    const struct term *term = &calendar->terms[index];
    const struct yaml_node *week_1 = reader_get(node, "week_1");
    char text[WHEN_TEXT_SIZE];
    if (week_1 != NULL && term->week_1 != monday_of(term->week_1)) {
        reader_complain(reader, week_1, _("%s is a %s; week 1 begins on its Monday, %s"),
                        week_1->text, when_day_name(civil_weekday(term->week_1)),
                        when_date_text(monday_of(term->week_1), text));
    }
    for (size_t i = 0; i < index; i++) {
        const struct term *other = &calendar->terms[i];
        if (term->week_1 < other->week_1 + (int64_t)other->weeks * DAYS_PER_WEEK &&
            other->week_1 < term->week_1 + (int64_t)term->weeks * DAYS_PER_WEEK) {
            reader_complain(reader, node, _("'%s' overlaps the term in line %d"), term->name,
                            other->place.line);
        }
    }
}

static int read_terms(const struct reader *reader, const struct yaml_node *list,
                      struct calendar *calendar)
{
    calendar->terms = calloc(reader_count(list) + 1, sizeof(calendar->terms[0]));
    if (calendar->terms == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        calendar->terms[i] = (struct term){
            .name = reader_text(node, "name", ""),
            .week_1 = reader_date(node, "week_1", 0),
            .weeks = reader_number(node, "weeks", 0),
            .place = reader_place(reader, node),
        };
        check_term(reader, node, calendar, calendar->term_count++);
    }
    return 0;
}

static bool has_make_up(const struct calendar *calendar, int64_t date)
{
    for (size_t i = 0; i < calendar->rules.count; i++) {
        const struct date_rule *rule = &calendar->rules.items[i];
        if (rule->kind == DATE_RUNS && date_rule_source(rule, calendar, rule->first) == date) {
            return true;
        }
    }
    return false;
}

static void warn_of_make_ups(const struct reader *reader, const struct calendar *calendar)
{
    char text[WHEN_TEXT_SIZE];
    for (size_t i = 0; i < calendar->rules.count; i++) {
        const struct date_rule *rule = &calendar->rules.items[i];
        const bool needs_one =
            rule->kind == DATE_SUSPENDED && rule->suspension == SUSPENDED_MAKE_UP;
        for (int64_t date = rule->first; needs_one && date <= rule->last; date++) {
            if (!has_make_up(calendar, date)) {
                problems_warn(reader->problems, "make-up-missing", reader->file->path,
                              rule->place.line, 0,
                              _("the lessons of %s are to be made up, but no date runs it; add "
                                "one with 'runs: %s'"),
                              when_date_text(date, text), text);
            }
        }
    }
}

static int read_calendar(struct calendar_store *store, struct problems *problems)
{
    const struct reader reader = {&store->file, problems};
    struct calendar *calendar = &store->calendar;
    const struct yaml_node *root = yaml_tree_root(store->tree);
    const size_t errors = problems->errors;
    calendar->title = reader_text(root, "title", "");
    if (!reader_check(&reader, root, &calendar_shape)) {
        return -EINVAL;
    }
    if (read_terms(&reader, reader_get(root, "terms"), calendar) < 0 ||
        date_rules_read(&reader, reader_get(root, "dates"), &calendar->rules) < 0) {
        return -ENOMEM;
    }
    if (problems->errors > errors) {
        return -EINVAL;
    }
    warn_of_make_ups(&reader, calendar);
    return 0;
}

void calendar_destroy(struct calendar *calendar)
{
    if (calendar == NULL) {
        return;
    }
    struct calendar_store *store = (struct calendar_store *)calendar;
    free(calendar->terms);
    date_rules_finish(&calendar->rules);
    yaml_tree_destroy(store->tree);
    free(store->path);
    free(store->name);
    free(store);
}

/* Takes ownership of the tree. */
static int from_tree(struct yaml_tree *tree, const char *path, const char *name,
                     struct calendar **calendar, struct problems *problems)
{
    struct calendar_store *store = calloc(1, sizeof(*store));
    int result = -ENOMEM;
    if (store == NULL) {
        yaml_tree_destroy(tree);
        return -ENOMEM;
    }
    store->tree = tree;
    store->path = strdup(path);
    store->name = strdup(name);
    store->file = (struct source_file){store->path, store->name};
    store->calendar.name = store->name;
    if (store->path != NULL && store->name != NULL) {
        result = read_calendar(store, problems);
    }
    if (result < 0) {
        calendar_destroy(&store->calendar);
        return result;
    }
    *calendar = &store->calendar;
    return 0;
}

int calendar_load(const char *path, const char *name, struct calendar **calendar,
                  struct problems *problems)
{
    struct yaml_tree *tree = NULL;
    const int result = yaml_tree_load(path, &tree, problems);
    return result < 0 ? result : from_tree(tree, path, name, calendar, problems);
}

int calendar_parse(const char *path, const void *bytes, size_t size, struct calendar **calendar,
                   struct problems *problems)
{
    struct yaml_tree *tree = NULL;
    const int result = yaml_tree_parse(path, bytes, size, &tree, problems);
    return result < 0 ? result : from_tree(tree, path, path, calendar, problems);
}
