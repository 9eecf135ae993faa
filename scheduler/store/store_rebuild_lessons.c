/* SPDX-License-Identifier: MIT */
/* store_rebuild_lessons: lessons, as far as the events of plans tell of them. */
#include "scheduler/store/store_rebuild_inner.h"

#include "scheduler/store/store_inner.h"
#include "scheduler/store/store_lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the EPG text of a first run begins with, and what may follow (compile_slot.c). */
#define TEACHER "授课教师："
#define NOTE    "，重播"
#define GRADE   "年级"
#define OPEN    "（"
#define CLOSE   "）"

enum { TEXT_SIZE = 1024 };

/* A lesson as the plan that mentioned it last tells of it. */
struct seen_lesson {
    char *house_number;
    char *title; /* of the EPG */
    char *text;
};

/* The place of a house number, or where it belongs. */
static size_t find(const struct seen_lessons *seen, const char *house_number, bool *is_there)
{
    size_t low = 0;
    size_t high = seen->count;
    *is_there = false;
    while (low < high && !*is_there) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(house_number, seen->items[middle].house_number);
        if (order == 0) {
            low = middle;
            *is_there = true;
        } else if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static int replace(char **text, const char *with, bool *is_other)
{
    if (*text != NULL && strcmp(*text, with) == 0) {
        return 0;
    }
    char *copy = strdup(with);
    if (copy == NULL) {
        return -ENOMEM;
    }
    free(*text);
    *text = copy;
    *is_other = true;
    return 0;
}

static int insert(struct seen_lessons *seen, size_t at, const char *house_number)
{
    struct seen_lesson *grown = realloc(seen->items, (seen->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    seen->items = grown;
    const struct seen_lesson fresh = {.house_number = strdup(house_number)};
    if (fresh.house_number == NULL) {
        return -ENOMEM;
    }
    memmove(grown + at + 1, grown + at, (seen->count - at) * sizeof(*grown));
    grown[at] = fresh;
    seen->count++;
    return 0;
}

/*
 * "四年级 语文 春夏秋冬" taken apart, in place; "四年级 音乐" has the subject for a title.
 * Without a grade nobody knows which word is the subject: then all of it is
 * the title.
 */
static void split_title(char *text, struct store_lesson *lesson)
{
    char *first = strchr(text, ' ');
    lesson->title = text;
    if (first == NULL || (size_t)(first - text) < strlen(GRADE) ||
        strncmp(first - strlen(GRADE), GRADE, strlen(GRADE)) != 0) {
        return;
    }
    char *second = strchr(first + 1, ' ');
    *first = '\0';
    lesson->grade = text;
    lesson->subject = first + 1;
    lesson->title = first + 1;
    if (second != NULL) {
        *second = '\0';
        lesson->title = second + 1;
    }
}

/* Of a text that ends with a bracket, the one that opens it, past those within: 甲校（东校区）. */
static char *last_bracket(char *text)
{
    const size_t size = strlen(CLOSE); /* that of OPEN, too */
    size_t depth = 0;
    for (size_t at = strlen(text); at >= size; at--) {
        char *bracket = text + at - size;
        if (strncmp(bracket, CLOSE, size) == 0) {
            depth++;
        } else if (depth == 0) {
            return NULL;
        } else if (strncmp(bracket, OPEN, size) == 0 && --depth == 0) {
            return bracket;
        }
    }
    return NULL;
}

/*
 * "授课教师：王老师（示例学校），重播带字幕" taken apart, in place.  The notes are the
 * last, for a name may hold the same words.
 */
static void split_text(char *text, struct store_lesson *lesson)
{
    static const char *const notes[] = {NOTE "带手语", NOTE "带字幕"};
    if (strncmp(text, TEACHER, strlen(TEACHER)) != 0) {
        return;
    }
    lesson->teacher = text + strlen(TEACHER);
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
        const size_t length = strlen(text);
        const size_t size = strlen(notes[i]);
        if (length >= size && strcmp(text + length - size, notes[i]) == 0) {
            text[length - size] = '\0';
        }
    }
    char *school = last_bracket(text);
    if (school != NULL && school > lesson->teacher) {
        text[strlen(text) - strlen(CLOSE)] = '\0';
        *school = '\0';
        lesson->school = school + strlen(OPEN);
    }
}

/* The place of a channel in the station file. */
static size_t rank_of(const struct station *station, const char *channel)
{
    const struct service *service = NULL;
    size_t i = 0;
    while ((service = station_service_at(station, i)) != NULL &&
           strcmp(service->name, channel) != 0) {
        i++;
    }
    return i;
}

/* Whether the channel may say what the lesson is: not after somebody else, or a channel before it.
 */
static int may_tell(const struct rebuild *rebuild, const char *house_number, const char *channel,
                    bool *may, bool *is_known)
{
    struct store_rows rows;
    const int result = store_lesson_find(rebuild->store, house_number, &rows);
    *may = true;
    *is_known = result == 0 && rows.count > 0;
    if (*is_known) {
        const struct store_lesson known = store_lesson_at(&rows, 0);
        *may = strcmp(known.changed_by, REBUILD_AUTHOR) == 0 &&
               rank_of(rebuild->station, channel) <= rank_of(rebuild->station, known.channel);
    }
    store_rows_finish(&rows);
    return result;
}

static int put_row(struct rebuild *rebuild, const struct seen_lesson *seen,
                   const struct plan_file *file)
{
    char title[TEXT_SIZE];
    char text[TEXT_SIZE];
    bool may = false;
    bool is_known = false;
    struct store_lesson lesson = {.house_number = seen->house_number,
                                  .grade = "",
                                  .subject = "",
                                  .teacher = "",
                                  .school = "",
                                  .channel = file->channel,
                                  .changed_ms = file->written_ms,
                                  .changed_by = REBUILD_AUTHOR};
    int result = may_tell(rebuild, seen->house_number, file->channel, &may, &is_known);
    if (result == 0) {
        result = store_note_house_number(rebuild->store, seen->house_number, file->written_ms,
                                         REBUILD_AUTHOR);
    }
    if (result != 0 || !may || strlen(seen->title) >= sizeof(title) ||
        strlen(seen->text) >= sizeof(text)) {
        return result;
    }
    strcpy(title, seen->title);
    strcpy(text, seen->text);
    split_title(title, &lesson);
    split_text(text, &lesson);
    result = store_lesson_put(rebuild->store, &lesson);
    rebuild->done.lessons += result == 0 && !is_known;
    return result;
}

static int put(struct rebuild *rebuild, const struct seen_lesson *seen,
               const struct plan_file *file)
{
    int result = rebuild_begin_row(rebuild);
    if (result == 0) {
        result = put_row(rebuild, seen, file);
        result = rebuild_end_row(rebuild, result, file->path, 0, seen->house_number);
    }
    return result;
}

int seen_lessons_take(struct rebuild *rebuild, struct seen_lessons *seen,
                      const struct plan_event *event, const struct plan_file *file)
{
    bool is_there = false;
    bool is_other = false;
    if (event->kind != EVENT_LESSON || event->house_number == NULL || event->title == NULL ||
        event->instead_of != NULL || event->house_number[0] == '\0' ||
        strlen(event->house_number) > STORE_NAME_MOST) {
        return 0;
    }
    const size_t at = find(seen, event->house_number, &is_there);
    int result = is_there ? 0 : insert(seen, at, event->house_number);
    if (result == 0) {
        result = replace(&seen->items[at].title, event->title, &is_other);
    }
    if (result == 0) {
        result = replace(&seen->items[at].text, event->text != NULL ? event->text : "", &is_other);
    }
    return result == 0 && is_other ? put(rebuild, &seen->items[at], file) : result;
}

void seen_lessons_finish(struct seen_lessons *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        free(seen->items[i].house_number);
        free(seen->items[i].title);
        free(seen->items[i].text);
    }
    free(seen->items);
    *seen = (struct seen_lessons){0};
}
