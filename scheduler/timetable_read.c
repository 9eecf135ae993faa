/* SPDX-License-Identifier: MIT */
/* timetable_read: from the tree of a file to the draft of a timetable. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"
#include "playout/si.h"
#include "playout/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    TEXT_LONGEST = 120, /* bytes: what an EPG entry has room for, several of them together */
    ENTRIES_MOST = 1000,
};

__attribute__((format(printf, 3, 4))) static void complain(const struct draft *draft,
                                                           const struct yaml_node *node,
                                                           const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    problems_add(draft->problems, PROBLEM_ERROR, draft->path, node->line, node->column, "%s",
                 text != NULL ? text : "");
    free(text);
}

/* Makes a list of known words; the caller frees it. */
static const char **make_words(size_t count)
{
    return calloc(count + 1, sizeof(char *));
}

/* Says that a word is unknown, and which was probably meant. */
static void complain_unknown(const struct draft *draft, const struct yaml_node *node,
                             const char *what, const char *const *known)
{
    const char *meant = known != NULL ? suggest(node->text, known) : NULL;
    if (meant != NULL) {
        complain(draft, node, _("unknown %s '%s'; did you mean '%s'?"), what, node->text, meant);
    } else {
        complain(draft, node, _("unknown %s '%s'"), what, node->text);
    }
}

/* A value that must be there and be a text; NULL after complaining. */
static const struct yaml_node *need_text(const struct draft *draft, const struct yaml_node *mapping,
                                         const char *key)
{
    const struct yaml_node *node = yaml_node_get(mapping, key);
    if (node == NULL || yaml_node_is_null(node)) {
        complain(draft, node != NULL ? node : mapping, _("'%s' is missing"), key);
        return NULL;
    }
    if (node->type != YAML_TREE_SCALAR || node->text[0] == '\0') {
        complain(draft, node, _("'%s' must be a text"), key);
        return NULL;
    }
    if (strlen(node->text) > TEXT_LONGEST) {
        complain(draft, node, _("'%s' is longer than %d bytes (%d Chinese characters)"), key,
                 TEXT_LONGEST, TEXT_LONGEST / 3);
        return NULL;
    }
    return node;
}

static const char *need(const struct draft *draft, const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = need_text(draft, mapping, key);
    return node != NULL ? node->text : "";
}

static bool is_given(const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = yaml_node_get(mapping, key);
    return node != NULL && !yaml_node_is_null(node);
}

/* A text that may be left out: then `absent`. */
static const char *may_have(const struct draft *draft, const struct yaml_node *mapping,
                            const char *key, const char *absent)
{
    return is_given(mapping, key) ? need(draft, mapping, key) : absent;
}

static int need_time(const struct draft *draft, const struct yaml_node *mapping, const char *key)
{
    const struct yaml_node *node = need_text(draft, mapping, key);
    if (node == NULL) {
        return -1;
    }
    const int minutes = timetable_parse_time(node->text);
    if (minutes < 0) {
        complain(draft, node, _("'%s' is no time of day; write hours and minutes, as 08:30"),
                 node->text);
    }
    return minutes;
}

/* Reads `start` and `end`; both are -1 when one of them is no use. */
static void need_span(const struct draft *draft, const struct yaml_node *mapping, int *start,
                      int *end)
{
    *start = need_time(draft, mapping, "start");
    *end = need_time(draft, mapping, "end");
    if (*start >= 0 && *end >= 0 && *end <= *start) {
        complain(draft, yaml_node_get(mapping, "end"), _("the end, %s, is not after the start, %s"),
                 yaml_node_get(mapping, "end")->text, yaml_node_get(mapping, "start")->text);
        *start = -1;
    }
    if (*start < 0 || *end < 0) {
        *start = -1;
        *end = -1;
    }
}

static enum rest_rule read_rest(const struct draft *draft, const struct yaml_node *mapping,
                                enum rest_rule absent)
{
    static const char *const names[] = {
        [REST_FILLER] = "filler", [REST_WHOLE] = "whole", [REST_LOOP] = "loop", NULL};
    if (!is_given(mapping, "rest")) {
        return absent;
    }
    const struct yaml_node *node = need_text(draft, mapping, "rest");
    for (int i = REST_FILLER; node != NULL && i <= REST_LOOP; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            return (enum rest_rule)i;
        }
    }
    if (node != NULL) {
        complain(draft, node, _("'rest' is '%s'; it must be filler, whole or loop"), node->text);
    }
    return absent;
}

/* true or false; false when nothing is said. */
static bool read_switch(const struct draft *draft, const struct yaml_node *mapping, const char *key)
{
    if (!is_given(mapping, key)) {
        return false;
    }
    const struct yaml_node *node = need_text(draft, mapping, key);
    if (node != NULL && strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0) {
        complain(draft, node, _("'%s' is '%s'; it must be true or false"), key, node->text);
    }
    return node != NULL && strcmp(node->text, "true") == 0;
}

/* A word of the EPG's genres; NULL when nothing is said. */
static const char *read_genre(const struct draft *draft, const struct yaml_node *mapping)
{
    const char *words[GENRE_CHILDREN + 2] = {NULL};
    enum si_genre genre = GENRE_EDUCATION;
    if (!is_given(mapping, "genre")) {
        return NULL;
    }
    const struct yaml_node *node = need_text(draft, mapping, "genre");
    if (node != NULL && si_genre_parse(node->text, &genre) == 0) {
        return node->text;
    }
    for (int i = GENRE_EDUCATION; i <= GENRE_CHILDREN; i++) {
        words[i] = si_genre_name((enum si_genre)i);
    }
    if (node != NULL) {
        complain_unknown(draft, node, _("genre"), words);
    }
    return NULL;
}

/* A list under `key`, or NULL after complaining unless it may be missing. */
static const struct yaml_node *find_list(const struct draft *draft, const struct yaml_node *mapping,
                                         const char *key, bool may_be_missing)
{
    const struct yaml_node *node = yaml_node_get(mapping, key);
    if (node == NULL || yaml_node_is_null(node)) {
        if (!may_be_missing) {
            complain(draft, node != NULL ? node : mapping, _("'%s' is missing"), key);
        }
        return NULL;
    }
    if (node->type != YAML_TREE_LIST) {
        complain(draft, node, _("'%s' must be a list: one entry per line, each after '- '"), key);
        return NULL;
    }
    if (node->count > ENTRIES_MOST) {
        complain(draft, node, _("'%s' has more than %d entries"), key, ENTRIES_MOST);
        return NULL;
    }
    return node;
}

static bool is_mapping(const struct draft *draft, const struct yaml_node *node,
                       const char *const *known)
{
    if (node->type != YAML_TREE_MAPPING) {
        complain(draft, node, _("this must be a mapping of 'key: value' pairs"));
        return false;
    }
    yaml_node_check_keys(node, draft->path, known, draft->problems);
    return true;
}

/* Reads a list of days into a set of bits, and, unless NULL, into an array. */
static unsigned read_days(const struct draft *draft, const struct yaml_node *list, int *days,
                          size_t *count)
{
    unsigned set = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        const int day = node->type == YAML_TREE_SCALAR ? timetable_parse_day(node->text) : -1;
        if (day < 0) {
            complain(draft, node, _("'%s' is no day; write 周一 to 周日, or mon to sun"),
                     node->type == YAML_TREE_SCALAR ? node->text : "[ ]");
        } else if ((set >> day & 1u) != 0) {
            complain(draft, node, _("day '%s' is given twice"), node->text);
        } else {
            set |= 1u << day;
            if (days != NULL) {
                days[(*count)++] = day;
            }
        }
    }
    return set;
}

static void read_lessons(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"house_number", "title",     "grade",  "subject", "teacher",
                                        "genre",        "subtitles", "signed", NULL};
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = find_list(draft, root, "lessons", false);
    timetable->lessons = calloc(list != NULL ? list->count + 1 : 1, sizeof(struct lesson));
    for (size_t i = 0; list != NULL && timetable->lessons != NULL && i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        if (!is_mapping(draft, node, known)) {
            continue;
        }
        struct lesson lesson = {
            .house_number = need(draft, node, "house_number"),
            .title = need(draft, node, "title"),
            .grade = may_have(draft, node, "grade", ""),
            .subject = may_have(draft, node, "subject", ""),
            .teacher = may_have(draft, node, "teacher", ""),
            .genre = read_genre(draft, node),
            .has_subtitles = read_switch(draft, node, "subtitles"),
            .is_signed = read_switch(draft, node, "signed"),
            .line = node->line,
        };
        const struct lesson *same = timetable_lesson(timetable, lesson.house_number);
        if (same != NULL && lesson.house_number[0] != '\0') {
            complain(draft, yaml_node_get(node, "house_number"),
                     _("house number '%s' is taken by the lesson in line %d"), lesson.house_number,
                     same->line);
        }
        timetable->lessons[timetable->lesson_count++] = lesson;
    }
}

static const struct draft_period *find_period(const struct draft *draft, const char *name)
{
    for (size_t i = 0; i < draft->period_count; i++) {
        if (strcmp(draft->periods[i].name, name) == 0) {
            return &draft->periods[i];
        }
    }
    return NULL;
}

static void read_periods(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"name", "start", "end", "rest", NULL};
    const struct yaml_node *list = find_list(draft, root, "periods", false);
    draft->periods = calloc(list != NULL ? list->count + 1 : 1, sizeof(draft->periods[0]));
    for (size_t i = 0; list != NULL && draft->periods != NULL && i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        if (!is_mapping(draft, node, known)) {
            continue;
        }
        struct draft_period period = {.name = need(draft, node, "name"),
                                      .rest = read_rest(draft, node, draft->rest),
                                      .line = node->line};
        need_span(draft, node, &period.start, &period.end);
        const struct draft_period *same = find_period(draft, period.name);
        if (same != NULL && period.name[0] != '\0') {
            complain(draft, yaml_node_get(node, "name"),
                     _("the name '%s' is taken by the period in line %d"), period.name, same->line);
        }
        draft->periods[draft->period_count++] = period;
    }
}

static void complain_unknown_lesson(const struct draft *draft, const struct yaml_node *cell)
{
    const struct timetable *timetable = draft->timetable;
    const char **words = make_words(timetable->lesson_count);
    for (size_t i = 0; words != NULL && i < timetable->lesson_count; i++) {
        words[i] = timetable->lessons[i].house_number;
    }
    complain_unknown(draft, cell, _("lesson"), words);
    free(words);
}

static void read_cell(struct draft *draft, const struct yaml_node *cell,
                      struct draft_period *period, int day)
{
    struct timetable *timetable = draft->timetable;
    if (cell->type != YAML_TREE_SCALAR) {
        complain(draft, cell, _("a cell of the grid must be a house number, or ~ for none"));
        return;
    }
    if (yaml_node_is_null(cell)) {
        return;
    }
    const struct lesson *lesson = timetable_lesson(timetable, cell->text);
    if (lesson == NULL) {
        complain_unknown_lesson(draft, cell);
        return;
    }
    period->days |= 1u << day;
    timetable->slots[timetable->slot_count++] = (struct week_slot){
        .day = day,
        .start = period->start,
        .end = period->end,
        .kind = SLOT_PERIOD,
        .rest = period->rest,
        .name = period->name,
        .lesson = lesson,
        .line = cell->line,
    };
}

static void read_row(struct draft *draft, const struct yaml_node *key, const struct yaml_node *row)
{
    const struct draft_period *period = find_period(draft, key->text);
    if (period == NULL) {
        const char **words = make_words(draft->period_count);
        for (size_t i = 0; words != NULL && i < draft->period_count; i++) {
            words[i] = draft->periods[i].name;
        }
        complain_unknown(draft, key, _("period"), words);
        free(words);
        return;
    }
    if (row->type != YAML_TREE_LIST || row->count != draft->day_count) {
        complain(draft, row,
                 ngettext("the row of '%s' must be a list of %zu cell, one for each day",
                          "the row of '%s' must be a list of %zu cells, one for each day",
                          draft->day_count),
                 key->text, draft->day_count);
        return;
    }
    struct draft_period *mine = &draft->periods[period - draft->periods];
    if (mine->is_in_grid) {
        return; /* the key is given twice: that has been said */
    }
    mine->is_in_grid = true;
    for (size_t i = 0; i < row->count; i++) {
        read_cell(draft, row->items[i], mine, draft->days[i]);
    }
}

static void read_grid(struct draft *draft, const struct yaml_node *root)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *days = find_list(draft, root, "days", false);
    if (days != NULL) {
        (void)read_days(draft, days, draft->days, &draft->day_count);
    }
    const struct yaml_node *grid = yaml_node_get(root, "grid");
    timetable->slots = calloc(draft->period_count * DAYS_PER_WEEK + 1, sizeof(struct week_slot));
    if (grid == NULL || yaml_node_is_null(grid)) {
        complain(draft, grid != NULL ? grid : root, _("'%s' is missing"), "grid");
        return;
    }
    if (timetable->slots == NULL || days == NULL || days->count != draft->day_count ||
        !is_mapping(draft, grid, NULL)) {
        return; /* rows cannot be read without their columns */
    }
    for (size_t i = 0; i < grid->count; i += 2) {
        read_row(draft, grid->items[i], grid->items[i + 1]);
    }
}

static void read_breaks(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"name", "start", "end", "days", "house_number", NULL};
    const struct yaml_node *list = find_list(draft, root, "breaks", true);
    unsigned grid_days = 0;
    for (size_t i = 0; i < draft->day_count; i++) {
        grid_days |= 1u << draft->days[i];
    }
    draft->breaks = calloc(list != NULL ? list->count + 1 : 1, sizeof(draft->breaks[0]));
    for (size_t i = 0; list != NULL && draft->breaks != NULL && i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        if (!is_mapping(draft, node, known)) {
            continue;
        }
        struct draft_break entry = {.name = need(draft, node, "name"),
                                    .days = grid_days,
                                    .house_number = may_have(draft, node, "house_number", NULL),
                                    .line = node->line};
        need_span(draft, node, &entry.start, &entry.end);
        const struct yaml_node *days = find_list(draft, node, "days", true);
        if (days != NULL) {
            entry.days = read_days(draft, days, NULL, NULL);
        }
        draft->breaks[draft->break_count++] = entry;
    }
}

static int read_pitch(const struct draft *draft, const struct yaml_node *mapping)
{
    if (!is_given(mapping, "pitch")) {
        return 0;
    }
    const struct yaml_node *node = need_text(draft, mapping, "pitch");
    char *end = NULL;
    const long minutes = node != NULL ? strtol(node->text, &end, 10) : 0;
    if (node != NULL && (*end != '\0' || minutes < 1 || minutes > MINUTES_PER_DAY)) {
        complain(draft, node, _("'pitch' is '%s'; it must be a number of minutes, as 25"),
                 node->text);
        return 0;
    }
    return (int)minutes;
}

static void read_repeats(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"from", "until", "pitch", "rest", NULL};
    struct repeat_rule *rule = &draft->timetable->repeats;
    const struct yaml_node *node = yaml_node_get(root, "repeats");
    if (node == NULL || yaml_node_is_null(node) || !is_mapping(draft, node, known)) {
        return;
    }
    *rule = (struct repeat_rule){.is_present = true,
                                 .from = need_time(draft, node, "from"),
                                 .until = need_time(draft, node, "until"),
                                 .pitch = read_pitch(draft, node),
                                 .rest = read_rest(draft, node, draft->rest),
                                 .line = node->line};
    if (rule->from == MINUTES_PER_DAY) {
        rule->from = 0;
    }
}

static void read_fillers(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"house_number", "title", NULL};
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = find_list(draft, root, "fillers", true);
    timetable->fillers = calloc(list != NULL ? list->count + 1 : 1, sizeof(struct filler));
    for (size_t i = 0; list != NULL && timetable->fillers != NULL && i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        struct filler filler = {.house_number = node->text, .line = node->line};
        if (node->type != YAML_TREE_SCALAR) {
            if (!is_mapping(draft, node, known)) {
                continue;
            }
            filler.house_number = need(draft, node, "house_number");
            filler.title = may_have(draft, node, "title", NULL);
        } else if (yaml_node_is_null(node)) {
            complain(draft, node, _("a filler must be a house number"));
            continue;
        }
        timetable->fillers[timetable->filler_count++] = filler;
    }
}

static void read_channel(struct draft *draft, const struct yaml_node *root)
{
    const struct yaml_node *node = need_text(draft, root, "channel");
    const struct station *station = draft->station;
    draft->timetable->channel = node != NULL ? node->text : "";
    if (node == NULL || station == NULL || station_service(station, node->text) != NULL) {
        return;
    }
    const char **words = make_words(station_service_count(station));
    for (size_t i = 0; words != NULL && i < station_service_count(station); i++) {
        words[i] = station_service_at(station, i)->name;
    }
    complain_unknown(draft, node, _("channel"), words);
    free(words);
}

static void read_format(const struct draft *draft, const struct yaml_node *root)
{
    const struct yaml_node *node = need_text(draft, root, "format");
    if (node != NULL && strcmp(node->text, "1") != 0) {
        complain(draft, node, _("'format' is '%s'; this version of Ketang reads format %d"),
                 node->text, FORMAT_VERSION);
    }
}

void timetable_read(struct draft *draft, const struct yaml_node *root)
{
    static const char *const known[] = {"format",  "channel", "title",   "days",
                                        "rest",    "periods", "grid",    "breaks",
                                        "repeats", "fillers", "lessons", NULL};
    if (!is_mapping(draft, root, known)) {
        return;
    }
    read_format(draft, root);
    read_channel(draft, root);
    draft->timetable->title = may_have(draft, root, "title", "");
    draft->rest = read_rest(draft, root, REST_FILLER);
    read_lessons(draft, root);
    read_periods(draft, root);
    read_grid(draft, root);
    read_breaks(draft, root);
    read_repeats(draft, root);
    read_fillers(draft, root);
}
