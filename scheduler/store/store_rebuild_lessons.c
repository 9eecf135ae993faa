/* SPDX-License-Identifier: MIT */
/* store_rebuild_lessons: lessons, as far as the events of plans tell of them. */
#include "scheduler/store/store_rebuild_inner.h"

#include "playout/plan.h"
#include "scheduler/store/store_lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the EPG text of a first run begins with, and what may follow (compile_slot.c). */
#define TEACHER "授课教师："
#define NOTE    "，重播"
#define GRADE   "年级"

enum { TEXT_SIZE = 1024 };

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

static int replace(char **text, const char *with)
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
    return 0;
}

static int insert(struct seen_lessons *seen, size_t at, const char *house_number,
                  const char *channel)
{
    struct seen_lesson *grown = realloc(seen->items, (seen->count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return -ENOMEM;
    }
    seen->items = grown;
    const struct seen_lesson fresh = {.house_number = strdup(house_number),
                                      .channel = strdup(channel)};
    if (fresh.house_number == NULL || fresh.channel == NULL) {
        free(fresh.house_number);
        free(fresh.channel);
        return -ENOMEM;
    }
    memmove(grown + at + 1, grown + at, (seen->count - at) * sizeof(*grown));
    grown[at] = fresh;
    seen->count++;
    return 0;
}

int seen_lessons_take(struct seen_lessons *seen, const struct plan_event *event,
                      const char *channel, int64_t written_ms)
{
    bool is_there = false;
    if (event->kind != EVENT_LESSON || event->house_number == NULL || event->title == NULL ||
        event->instead_of != NULL) {
        return 0;
    }
    const size_t at = find(seen, event->house_number, &is_there);
    int result = is_there ? 0 : insert(seen, at, event->house_number, channel);
    if (result == 0) {
        result = replace(&seen->items[at].title, event->title);
    }
    if (result == 0) {
        result = replace(&seen->items[at].text, event->text != NULL ? event->text : "");
    }
    if (result == 0) {
        seen->items[at].written_ms = written_ms;
    }
    return result;
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

/* "授课教师：王老师（示例学校），重播带字幕" taken apart, in place. */
static void split_text(char *text, struct store_lesson *lesson)
{
    if (strncmp(text, TEACHER, strlen(TEACHER)) != 0) {
        return;
    }
    char *note = strstr(text, NOTE);
    char *school = strstr(text, "（");
    if (note != NULL) {
        *note = '\0';
    }
    lesson->teacher = text + strlen(TEACHER);
    char *end = school != NULL && (note == NULL || school < note) ? strstr(school, "）") : NULL;
    if (end != NULL && end[strlen("）")] == '\0') {
        *school = '\0';
        *end = '\0';
        lesson->school = school + strlen("（");
    }
}

static int put(struct rebuild *rebuild, const struct seen_lesson *seen)
{
    struct store_rows rows;
    char title[TEXT_SIZE];
    char text[TEXT_SIZE];
    struct store_lesson lesson = {.house_number = seen->house_number,
                                  .grade = "",
                                  .subject = "",
                                  .teacher = "",
                                  .school = "",
                                  .channel = seen->channel,
                                  .changed_ms = seen->written_ms,
                                  .changed_by = REBUILD_AUTHOR};
    int result = store_lesson_find(rebuild->store, seen->house_number, &rows);
    const bool is_known = result == 0 && rows.count > 0;
    store_rows_finish(&rows);
    if (result < 0 || is_known || strlen(seen->title) >= sizeof(title) ||
        strlen(seen->text) >= sizeof(text)) {
        return result;
    }
    strcpy(title, seen->title);
    strcpy(text, seen->text);
    split_title(title, &lesson);
    split_text(text, &lesson);
    result = store_lesson_put(rebuild->store, &lesson);
    rebuild->done.lessons += result == 0;
    return result;
}

int seen_lessons_put(struct rebuild *rebuild, const struct seen_lessons *seen)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < seen->count; i++) {
        result = put(rebuild, &seen->items[i]);
    }
    return result;
}

void seen_lessons_finish(struct seen_lessons *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        free(seen->items[i].house_number);
        free(seen->items[i].title);
        free(seen->items[i].text);
        free(seen->items[i].channel);
    }
    free(seen->items);
    *seen = (struct seen_lessons){0};
}
