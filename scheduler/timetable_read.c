/* SPDX-License-Identifier: MIT */
/* timetable_read: the head of a timetable, its periods, the lessons. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"
#include "playout/si.h"
#include "playout/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    RIPPLE_USUAL = 5 * 60,
    PERIODS_MOST = 64, /* a set of them fits 64 bits */
    LIMIT_LESSONS = 5,
    LIMIT_LESSON = 20 * 60,
    LIMIT_MINUTES = 120 * 60,
    LIMIT_GAP = 20 * 60,
};

int timetable_grow(void *items, size_t count, size_t more, size_t size)
{
    void **list = items;
    void *grown = realloc(*list, (count + more + 1) * size);
    if (grown == NULL) {
        return -ENOMEM;
    }
    *list = grown;
    return 0;
}

bool timetable_is_default(const char *topic)
{
    return strcmp(topic, "default") == 0 || strcmp(topic, "默认") == 0;
}

struct fit_rules timetable_read_fit(const struct draft *draft, const struct yaml_node *node)
{
    const char *topic = reader_text(node, "topic", draft->fit.topic);
    return (struct fit_rules){
        .rest = (enum rest_rule)reader_word(node, "rest", rest_words, draft->fit.rest),
        .overrun =
            (enum overrun_rule)reader_word(node, "overrun", overrun_words, draft->fit.overrun),
        .ripple_most = reader_length(node, "ripple_most", draft->fit.ripple_most),
        .topic = topic != NULL && timetable_is_default(topic) ? NULL : topic,
    };
}

/* A list of words that ends with NULL, for suggestions; the caller frees it. */
static const char **make_words(size_t count)
{
    return calloc(count + 1, sizeof(char *));
}

const struct lesson *timetable_need_lesson(const struct draft *draft, const struct yaml_node *node)
{
    const struct timetable *timetable = draft->timetable;
    const struct lesson *lesson = timetable_lesson(timetable, node->text);
    if (lesson != NULL) {
        return lesson;
    }
    const char **words = make_words(timetable->lesson_count);
    for (size_t i = 0; words != NULL && i < timetable->lesson_count; i++) {
        words[i] = timetable->lessons[i].house_number;
    }
    const char *meant = words != NULL ? suggest(node->text, words) : NULL;
    if (meant != NULL) {
        reader_complain(&draft->reader, node,
                        _("'lessons' has no line for '%s'; did you mean '%s'? If not, write one "
                          "there, whether it has a film or not: - {house_number: %s, title: ...}"),
                        node->text, meant, node->text);
    } else {
        reader_complain(&draft->reader, node,
                        _("'lessons' has no line for '%s'; write one there, whether it has a film "
                          "or not: - {house_number: %s, title: ...}"),
                        node->text, node->text);
    }
    free(words);
    return NULL;
}

size_t timetable_need_period(const struct draft *draft, const struct yaml_node *node)
{
    const struct timetable *timetable = draft->timetable;
    const size_t index = timetable_period(timetable, node->text);
    if (index < timetable->period_count) {
        return index;
    }
    const char **words = make_words(timetable->period_count);
    for (size_t i = 0; words != NULL && i < timetable->period_count; i++) {
        words[i] = timetable->periods[i].name;
    }
    reader_complain_unknown(&draft->reader, node, _("period"), words);
    free(words);
    return index;
}

/* --- Head ------------------------------------------------------------------------ */

static void check_channel(const struct draft *draft, const struct yaml_node *node)
{
    const struct station *station = draft->station;
    if (node == NULL || node->type != YAML_TREE_SCALAR || station == NULL ||
        station_service(station, node->text) != NULL) {
        return;
    }
    const char **words = make_words(station_service_count(station));
    for (size_t i = 0; words != NULL && i < station_service_count(station); i++) {
        words[i] = station_service_at(station, i)->name;
    }
    reader_complain_unknown(&draft->reader, node, _("channel"), words);
    free(words);
}

static void read_limits(struct limits *limits, const struct yaml_node *node)
{
    *limits = (struct limits){LIMIT_LESSONS, LIMIT_LESSON, LIMIT_MINUTES, LIMIT_GAP};
    if (node != NULL) {
        limits->lessons = reader_number(node, "lessons", limits->lessons);
        limits->lesson = reader_length(node, "lesson", limits->lesson);
        limits->minutes = reader_length(node, "minutes", limits->minutes);
        limits->gap = reader_length(node, "gap", limits->gap);
    }
}

void timetable_check_span(const struct draft *draft, const struct yaml_node *node)
{
    const struct yaml_node *start = reader_get(node, "start");
    const struct yaml_node *end = reader_get(node, "end");
    const int from = reader_clock(node, "start", -1);
    const int to = reader_clock(node, "end", -1);
    if (from >= 0 && to >= 0 && to <= from) {
        reader_complain(&draft->reader, end, _("the end, %s, is not after the start, %s"),
                        end->text, start->text);
    }
}

static void check_media(const struct draft *draft, const struct yaml_node *node,
                        const struct period *period)
{
    if (period->media > period->end - period->start && period->end > period->start) {
        reader_complain(&draft->reader, reader_get(node, "media"),
                        _("'media' is %s, longer than the period"),
                        reader_get(node, "media")->text);
    }
}

static void read_period(struct draft *draft, const struct yaml_node *node)
{
    struct timetable *timetable = draft->timetable;
    const struct period period = {
        .name = reader_text(node, "name", ""),
        .start = reader_clock(node, "start", 0),
        .end = reader_clock(node, "end", 1),
        .media = reader_length(node, "media", 0),
        .fit = timetable_read_fit(draft, node),
        .is_fixed = reader_switch(node, "fixed", false),
        .may_repeat = reader_switch(node, "repeats", true),
        .place = reader_place(&draft->reader, node),
    };
    const size_t same = timetable_period(timetable, period.name);
    if (same < timetable->period_count && period.name[0] != '\0') {
        reader_complain(&draft->reader, reader_get(node, "name"),
                        _("the name '%s' is taken by the period in line %d"), period.name,
                        timetable->periods[same].place.line);
    }
    timetable_check_span(draft, node);
    check_media(draft, node, &period);
    timetable->periods[timetable->period_count++] = period;
}

static int read_periods(struct draft *draft)
{
    const struct yaml_node *list = reader_get(draft->root, "periods");
    if (timetable_grow(&draft->timetable->periods, 0, reader_count(list), sizeof(struct period)) <
        0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        if (i == PERIODS_MOST) {
            reader_complain(&draft->reader, node, _("'%s' has more than %d entries"), "periods",
                            PERIODS_MOST);
            break;
        }
        if (node->type == YAML_TREE_MAPPING) {
            read_period(draft, node);
        }
    }
    return 0;
}

int timetable_read_head(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *root = draft->root;
    draft->fit.ripple_most = RIPPLE_USUAL;
    draft->fit = timetable_read_fit(draft, root);
    draft->grade = reader_text(root, "grade", "");
    timetable->channel = reader_text(root, "channel", "");
    timetable->title = reader_text(root, "title", "");
    timetable->district = reader_text(root, "district", NULL);
    check_channel(draft, reader_get(root, "channel"));
    read_limits(&timetable->limits, reader_get(root, "limits"));
    return read_periods(draft);
}

/* --- Lessons ---------------------------------------------------------------------- */

/* A word of the EPG's genres; NULL when nothing is said. */
static const char *read_genre(const struct draft *draft, const struct yaml_node *lesson)
{
    const char *words[GENRE_CHILDREN + 2] = {NULL};
    enum si_genre genre = GENRE_EDUCATION;
    const char *text = reader_text(lesson, "genre", NULL);
    if (text == NULL || si_genre_parse(text, &genre) == 0) {
        return text;
    }
    for (int i = GENRE_EDUCATION; i <= GENRE_CHILDREN; i++) {
        words[i] = si_genre_name((enum si_genre)i);
    }
    reader_complain_unknown(&draft->reader, reader_get(lesson, "genre"), _("genre"), words);
    return NULL;
}

static void check_lesson(const struct draft *draft, const struct yaml_node *node,
                         const struct lesson *lesson)
{
    const struct lesson *same = timetable_lesson(draft->timetable, lesson->house_number);
    if (same != NULL && lesson->house_number[0] != '\0') {
        reader_complain(&draft->reader, reader_get(node, "house_number"),
                        _("house number '%s' is taken by the lesson in %s, line %d"),
                        lesson->house_number, same->place.file->name, same->place.line);
    }
    if (lesson->media_most > 0 && lesson->media_most < lesson->media) {
        reader_complain(&draft->reader, reader_get(node, "media_most"),
                        _("'media_most' is less than 'media'"));
    }
}

static void read_lesson(struct draft *draft, const struct yaml_node *node)
{
    struct timetable *timetable = draft->timetable;
    const struct lesson lesson = {
        .house_number = reader_text(node, "house_number", ""),
        .title = reader_text(node, "title", ""),
        .grade = reader_text(node, "grade", draft->grade),
        .subject = reader_text(node, "subject", ""),
        .teacher = reader_text(node, "teacher", ""),
        .school = reader_text(node, "school", ""),
        .edition = reader_text(node, "edition", ""),
        .genre = read_genre(draft, node),
        .live = reader_text(node, "live", NULL),
        .substitute = reader_text(node, "substitute", NULL),
        .after = reader_text(node, "after", NULL),
        .media = reader_length(node, "media", 0),
        .media_most = reader_length(node, "media_most", 0),
        .subtitles = (enum accessibility)reader_word(node, "subtitles", access_words, ACCESS_NONE),
        .sign_language = (enum accessibility)reader_word(node, "signed", access_words, ACCESS_NONE),
        .is_shared = reader_switch(node, "shared", false),
        .place = reader_place(&draft->reader, node),
    };
    check_lesson(draft, node, &lesson);
    timetable->lessons[timetable->lesson_count++] = lesson;
}

int timetable_read_lessons(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = reader_get(draft->root, "lessons");
    if (timetable_grow(&timetable->lessons, timetable->lesson_count, reader_count(list),
                       sizeof(struct lesson)) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        if (node->type == YAML_TREE_MAPPING) {
            read_lesson(draft, node);
        }
    }
    return 0;
}

int timetable_read_accepted(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *map = reader_get(draft->root, "accept");
    const size_t count = map != NULL && map->type == YAML_TREE_MAPPING ? map->count / 2 : 0;
    if (timetable_grow(&timetable->accepted, timetable->accepted_count, count,
                       sizeof(struct accepted)) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        timetable->accepted[timetable->accepted_count++] = (struct accepted){
            map->items[2 * i]->text, reader_text(map, map->items[2 * i]->text, "")};
    }
    return 0;
}
