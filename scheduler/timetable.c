/* SPDX-License-Identifier: MIT */
#include "scheduler/timetable.h"

#include "playout/intl.h"
#include "scheduler/timetable_private.h"
#include "scheduler/yaml_tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const day_names[DAYS_PER_WEEK] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                                     N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                                     N_("Sunday")};

const char *timetable_day_name(int day)
{
    return _(day_names[day]);
}

/* True and past it when `*text` begins with `prefix`. */
static bool skip(const char **text, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (strncmp(*text, prefix, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

int timetable_parse_day(const char *text)
{
    static const char *const chinese[] = {"一", "二", "三", "四", "五", "六", "日"};
    static const char *const english[] = {"monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday"};
    if (skip(&text, "周") || skip(&text, "星期")) {
        for (int i = 0; i < DAYS_PER_WEEK; i++) {
            if (strcmp(text, chinese[i]) == 0) {
                return i;
            }
        }
        return strcmp(text, "天") == 0 ? 6 : -1;
    }
    for (int i = 0; i < DAYS_PER_WEEK; i++) {
        if (strcasecmp(text, english[i]) == 0 ||
            (strlen(text) == 3 && strncasecmp(text, english[i], 3) == 0)) {
            return i;
        }
    }
    return -1;
}

/* One or two digits, full-width ones too. */
static bool read_digits(const char **text, int *value)
{
    int count = 0;
    *value = 0;
    while (count < 3) {
        const uint8_t *at = (const uint8_t *)*text;
        if (isdigit(at[0])) {
            *value = *value * 10 + (at[0] - '0');
            *text += 1;
        } else if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x90 && at[2] <= 0x99) {
            *value = *value * 10 + (at[2] - 0x90); /* U+FF10 to U+FF19 */
            *text += 3;
        } else {
            break;
        }
        count++;
    }
    return count == 1 || count == 2;
}

int timetable_parse_time(const char *text)
{
    int hour = 0;
    int minute = 0;
    if (!read_digits(&text, &hour)) {
        return -1;
    }
    if (skip(&text, "时") || skip(&text, "点")) {
        if (*text != '\0' && (!read_digits(&text, &minute) || !skip(&text, "分"))) {
            return -1;
        }
    } else {
        const char *digits = text;
        if ((!skip(&text, ":") && !skip(&text, "：")) || !read_digits(&text, &minute)) {
            return -1;
        }
        digits += digits[0] == ':' ? 1 : 3;
        if (text - digits != 2 && text - digits != 6) {
            return -1; /* 8:5 may be 8:05 or 8:50 */
        }
    }
    const int minutes = hour * 60 + minute;
    return *text == '\0' && minute < 60 && minutes <= MINUTES_PER_DAY ? minutes : -1;
}

const struct lesson *timetable_lesson(const struct timetable *timetable, const char *house_number)
{
    for (size_t i = 0; i < timetable->lesson_count; i++) {
        if (strcmp(timetable->lessons[i].house_number, house_number) == 0) {
            return &timetable->lessons[i];
        }
    }
    return NULL;
}

void timetable_destroy(struct timetable *timetable)
{
    if (timetable == NULL) {
        return;
    }
    struct timetable_store *store = (struct timetable_store *)timetable;
    free(timetable->lessons);
    free(timetable->slots);
    free(timetable->fillers);
    yaml_tree_destroy(store->tree);
    free(store->file);
    free(store);
}

static int compare_slots(const void *left, const void *right)
{
    const struct week_slot *a = left;
    const struct week_slot *b = right;
    return a->day != b->day ? a->day - b->day : a->start - b->start;
}

/* Adds the breaks to the slots that the grid made. */
static int add_breaks(struct draft *draft)
{
    struct timetable *timetable = draft->timetable;
    const size_t most = timetable->slot_count + draft->break_count * DAYS_PER_WEEK;
    struct week_slot *slots = realloc(timetable->slots, (most + 1) * sizeof(slots[0]));
    if (slots == NULL) {
        return -ENOMEM;
    }
    timetable->slots = slots;
    for (size_t i = 0; i < draft->break_count; i++) {
        const struct draft_break *source = &draft->breaks[i];
        for (int day = 0; day < DAYS_PER_WEEK; day++) {
            if ((source->days >> day & 1u) != 0) {
                slots[timetable->slot_count++] = (struct week_slot){
                    .day = day,
                    .start = source->start,
                    .end = source->end,
                    .kind = SLOT_BREAK,
                    .rest = REST_FILLER,
                    .name = source->name,
                    .house_number = source->house_number,
                    .line = source->line,
                };
            }
        }
    }
    qsort(slots, timetable->slot_count, sizeof(slots[0]), compare_slots);
    return 0;
}

static int read_tree(struct timetable_store *store, const char *path, const struct station *station,
                     struct problems *problems)
{
    struct draft draft = {
        .path = path, .problems = problems, .station = station, .timetable = &store->timetable};
    const char *slash = strrchr(path, '/');
    const size_t errors = problems->errors;
    int result = 0;
    store->file = strdup(slash != NULL ? slash + 1 : path);
    if (store->file == NULL) {
        return -ENOMEM;
    }
    store->timetable.file = store->file;
    timetable_read(&draft, yaml_tree_root(store->tree));
    if (problems->errors == errors) {
        timetable_check(&draft);
    }
    if (problems->errors > errors) {
        result = -EINVAL;
    } else {
        result = add_breaks(&draft);
    }
    free(draft.periods);
    free(draft.breaks);
    return result;
}

/* Takes ownership of the tree. */
static int from_tree(struct yaml_tree *tree, const char *path, const struct station *station,
                     struct timetable **timetable, struct problems *problems)
{
    struct timetable_store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        yaml_tree_destroy(tree);
        return -ENOMEM;
    }
    store->tree = tree;
    const int result = read_tree(store, path, station, problems);
    if (result < 0) {
        timetable_destroy(&store->timetable);
        return result;
    }
    *timetable = &store->timetable;
    return 0;
}

int timetable_load(const char *path, const struct station *station, struct timetable **timetable,
                   struct problems *problems)
{
    struct yaml_tree *tree = NULL;
    const int result = yaml_tree_load(path, &tree, problems);
    return result < 0 ? result : from_tree(tree, path, station, timetable, problems);
}

int timetable_parse(const char *path, const void *bytes, size_t size, const struct station *station,
                    struct timetable **timetable, struct problems *problems)
{
    struct yaml_tree *tree = NULL;
    const int result = yaml_tree_parse(path, bytes, size, &tree, problems);
    return result < 0 ? result : from_tree(tree, path, station, timetable, problems);
}
