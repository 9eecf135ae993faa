/* SPDX-License-Identifier: MIT */
/* timetable_rules: breaks, relays, rotations, repeats, fillers, presentation. */
#include "scheduler/timetable_private.h"

#include "playout/intl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL_DAYS = (1 << DAYS_PER_WEEK) - 1,
    CARD_LEAST = 1,
    CARD_USUAL = 10,
    PITCH_LEAST = 60,
};

/* --- Fixtures --------------------------------------------------------------------- */

static int read_list(struct fixture *fixture, const struct yaml_node *list)
{
    fixture->list = calloc(reader_count(list) + 1, sizeof(fixture->list[0]));
    if (fixture->list == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        if (node->type == YAML_TREE_SCALAR) {
            fixture->list[fixture->list_count++] = node->text;
        }
    }
    return 0;
}

static int read_fixture(struct draft *draft, const struct yaml_node *node, enum fixture_kind kind)
{
    struct timetable *timetable = draft->timetable;
    const unsigned usual_days = kind == FIXTURE_BREAK ? timetable->grid_days : ALL_DAYS;
    struct fixture fixture = {
        .kind = kind,
        .name = reader_text(node, "name", ""),
        .start = reader_clock(node, "start", 0),
        .end = reader_clock(node, "end", 1),
        .days = reader_days(&draft->reader, node, "days", usual_days),
        .on = (enum day_condition)reader_word(node, "when", condition_words, ON_SCHOOL),
        .house_number = reader_text(node, "house_number", NULL),
        .source = reader_text(node, "source", NULL),
        .fit = timetable_read_fit(draft, node),
        .place = reader_place(&draft->reader, node),
    };
    if (reader_get(node, "rest") == NULL) {
        fixture.fit.rest = REST_FILLER; /* shared media is not looped because lessons are */
    }
    timetable_check_span(draft, node);
    const int result = kind == FIXTURE_ROTATION ? read_list(&fixture, reader_get(node, "list")) : 0;
    if (result == 0) {
        timetable->fixtures[timetable->fixture_count++] = fixture;
    }
    return result;
}

int timetable_read_fixtures(struct draft *draft)
{
    static const struct {
        const char *key;
        enum fixture_kind kind;
    } lists[] = {
        {"breaks", FIXTURE_BREAK}, {"relays", FIXTURE_RELAY}, {"rotations", FIXTURE_ROTATION}};
    struct timetable *timetable = draft->timetable;
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct yaml_node *list = reader_get(draft->root, lists[i].key);
        result = timetable_grow(&timetable->fixtures, timetable->fixture_count, reader_count(list),
                                sizeof(struct fixture));
        for (size_t k = 0; result == 0 && k < reader_count(list); k++) {
            const struct yaml_node *node = reader_item(list, k);
            if (node->type == YAML_TREE_MAPPING) {
                result = read_fixture(draft, node, lists[i].kind);
            }
        }
    }
    return result;
}

/* --- Repeats ----------------------------------------------------------------------- */

/* `of` is a word, or a list of days. */
static void read_of(const struct draft *draft, const struct yaml_node *node,
                    struct repeat_rule *rule)
{
    const struct yaml_node *of = reader_get(node, "of");
    rule->of = (enum repeat_of)reader_word(node, "of", repeat_words, REPEAT_SAME_DAY);
    if (of == NULL ||
        (of->type == YAML_TREE_SCALAR && shape_word(repeat_words, of->text) != NULL)) {
        return;
    }
    rule->of = REPEAT_DAYS;
    for (size_t i = 0; i < reader_count(of); i++) {
        const struct yaml_node *item = reader_item(of, i);
        const int day = item->type == YAML_TREE_SCALAR ? when_day(item->text) : -1;
        if (day < 0) {
            reader_complain(
                &draft->reader, item,
                _("'%s' is not known here; write 当日 (same_day), 前一日 "
                  "(previous_day), 最近 (last_day), 本周 (week), or days as [周三, 周四]"),
                item->type == YAML_TREE_SCALAR ? item->text : "[ ]");
            return;
        }
        rule->of_days |= 1u << day;
    }
}

static uint64_t read_repeat_periods(const struct draft *draft, const struct yaml_node *node)
{
    const struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = reader_get(node, "periods");
    uint64_t set = 0;
    for (size_t i = 0; list == NULL && i < timetable->period_count; i++) {
        set |= timetable->periods[i].may_repeat ? UINT64_C(1) << i : 0;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *item = reader_item(list, i);
        const size_t period = item->type == YAML_TREE_SCALAR ? timetable_need_period(draft, item)
                                                             : timetable->period_count;
        set |= period < timetable->period_count ? UINT64_C(1) << period : 0;
    }
    return set;
}

static void read_repeat(struct draft *draft, const struct yaml_node *node)
{
    struct timetable *timetable = draft->timetable;
    struct repeat_rule rule = {
        .name = reader_text(node, "name", "重播"),
        .days = reader_days(&draft->reader, node, "days", ALL_DAYS),
        .on = (enum day_condition)reader_word(node, "when", condition_words, ON_SCHOOL),
        .from = reader_clock(node, "from", 0) % DAY_SECONDS,
        .until = reader_clock(node, "until", 0),
        .pitch = reader_length(node, "pitch", 0),
        .periods = read_repeat_periods(draft, node),
        .loops = reader_switch(node, "loop", false),
        .fit = timetable_read_fit(draft, node),
        .place = reader_place(&draft->reader, node),
    };
    read_of(draft, node, &rule);
    if (rule.until <= rule.from) {
        rule.until += DAY_SECONDS;
    }
    if (reader_get(node, "pitch") != NULL && rule.pitch < PITCH_LEAST) {
        reader_complain(&draft->reader, reader_get(node, "pitch"),
                        _("'pitch' must be at least a minute"));
        rule.pitch = 0;
    }
    timetable->repeats[timetable->repeat_count++] = rule;
}

int timetable_read_repeats(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const struct yaml_node *list = reader_get(draft->root, "repeats");
    if (timetable_grow(&timetable->repeats, 0, reader_count(list), sizeof(struct repeat_rule)) <
        0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < reader_count(list); i++) {
        const struct yaml_node *node = reader_item(list, i);
        if (node->type == YAML_TREE_MAPPING) {
            read_repeat(draft, node);
        }
    }
    return 0;
}

/* --- Fillers ------------------------------------------------------------------------ */

static const struct shape_key filler_keys[] = {
    {.name = "house_number", .type = SHAPE_TEXT, .is_needed = true, .doc = N_("the filler")},
    {.name = "title", .type = SHAPE_TEXT, .doc = N_("in the EPG")},
    {0},
};

static const struct shape filler_shape = {"filler", filler_keys};

static void read_filler(struct draft *draft, const struct yaml_node *node, const char *topic)
{
    struct timetable *timetable = draft->timetable;
    struct filler filler = {.topic = topic, .place = reader_place(&draft->reader, node)};
    if (node->type == YAML_TREE_SCALAR && !yaml_node_is_null(node)) {
        filler.house_number = node->text;
    } else if (node->type == YAML_TREE_MAPPING) {
        (void)reader_check(&draft->reader, node, &filler_shape);
        filler.house_number = reader_text(node, "house_number", "");
        filler.title = reader_text(node, "title", NULL);
    } else {
        reader_complain(&draft->reader, node, _("a filler must be a house number"));
        return;
    }
    timetable->fillers[timetable->filler_count++] = filler;
}

static int read_filler_list(struct draft *draft, const struct yaml_node *list, const char *topic)
{
    struct timetable *timetable = draft->timetable;
    if (list->type != YAML_TREE_LIST || list->count > SHAPE_ITEMS_MOST) {
        reader_complain(&draft->reader, list,
                        list->type != YAML_TREE_LIST
                            ? _("'%s' must be a list: one entry per line, each after '- '")
                            : _("'%s' is too long"),
                        "fillers");
        return 0;
    }
    if (timetable_grow(&timetable->fillers, timetable->filler_count, list->count,
                       sizeof(struct filler)) < 0) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < list->count; i++) {
        read_filler(draft, list->items[i], topic);
    }
    return 0;
}

static void read_card(struct card *card, const struct draft *draft,
                      const struct yaml_node *presentation, const char *key)
{
    const struct yaml_node *node = reader_get(presentation, key);
    if (node != NULL) {
        *card = (struct card){.house_number = reader_text(node, "house_number", NULL),
                              .length = reader_length(node, "length", CARD_USUAL),
                              .place = reader_place(&draft->reader, node)};
        if (card->length < CARD_LEAST) {
            card->length = CARD_LEAST;
        }
    }
}

static void read_presentation(struct draft *draft)
{
    struct presentation *presentation = &draft->timetable->presentation;
    const struct yaml_node *node = reader_get(draft->root, "presentation");
    if (node != NULL) {
        read_card(&presentation->opening, draft, node, "opening");
        read_card(&presentation->closing, draft, node, "closing");
        read_card(&presentation->next, draft, node, "next");
        read_card(&presentation->countdown, draft, node, "countdown");
    }
}

int timetable_read_fillers(struct draft *draft)
{
    const struct yaml_node *fillers = reader_get(draft->root, "fillers");
    int result = 0;
    read_presentation(draft);
    if (fillers == NULL) {
        return 0;
    }
    if (fillers->type != YAML_TREE_MAPPING) {
        return read_filler_list(draft, fillers, NULL);
    }
    yaml_node_check_keys(fillers, draft->reader.file->path, NULL, draft->reader.problems);
    for (size_t i = 0; result == 0 && i + 1 < fillers->count; i += 2) {
        const char *topic = fillers->items[i]->text;
        if (!yaml_node_is_null(fillers->items[i + 1])) {
            result = read_filler_list(draft, fillers->items[i + 1],
                                      timetable_is_default(topic) ? NULL : topic);
        }
    }
    return result;
}
