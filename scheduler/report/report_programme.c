/* SPDX-License-Identifier: MIT */
#include "scheduler/report/report_compare_inner.h"

#include "playout/text_same.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How compile.c begins the EPG text of a repeat; it is not translated. */
#define REPEAT_TEXT "重播"

static bool is_repeat_text(const char *text)
{
    return text != NULL && strncmp(text, REPEAT_TEXT, strlen(REPEAT_TEXT)) == 0;
}

/* False: the event only fills. */
static bool category_of(const struct plan_event *event, const struct report_catalogue *catalogue,
                        enum planned_category *category)
{
    const struct catalogue_entry *entry =
        report_catalogue_find(catalogue, report_plan_house_number(event));
    const bool is_special = entry != NULL && entry->is_special;
    const bool is_stand_in = event->instead_of != NULL;
    const bool is_lesson = event->kind == EVENT_LESSON || event->kind == EVENT_REPEAT ||
                           event->kind == EVENT_LIVE || is_stand_in;
    if (!is_lesson || (entry != NULL && entry->kind == CATALOGUE_BREAK)) {
        *category = PLANNED_OTHER;
        return event->kind == EVENT_CARD || event->kind == EVENT_IDENT || is_stand_in;
    }
    if (entry != NULL && entry->kind == CATALOGUE_FILLER) {
        return false;
    }
    if (event->kind == EVENT_LIVE) {
        *category = PLANNED_LIVE;
    } else if (event->kind == EVENT_REPEAT || (is_stand_in && is_repeat_text(event->text))) {
        *category = PLANNED_REPEAT;
    } else {
        *category = is_special ? PLANNED_SPECIAL : PLANNED_FIRST_RUN;
    }
    return true;
}

bool programme_is(const struct plan_event *event, const struct report_catalogue *catalogue)
{
    enum planned_category category;
    return category_of(event, catalogue, &category);
}

/* The programme of the plan of a span at `frame`; 0: it has none. */
static int64_t programme_at(const struct report_span *span, int64_t frame)
{
    const ptrdiff_t index = plan_find(span->plan, frame);
    return index >= 0 ? span->plan->events[index].programme : 0;
}

/*
 * The span goes on with the programme whose last one is `last`: a lesson that loops, a stand-in of
 * several parts.  What an order cuts in two has two programme numbers: it is one where the revision
 * before the order has it whole, be that the one that says the span, or the one that says the last.
 */
static bool is_part_of(const struct planned_programme *programme, const struct report_span *last,
                       const struct report_span *span)
{
    return programme->to == span->from &&
           text_same(programme->house_number, report_plan_house_number(span->event)) &&
           (programme_at(last, span->from) == last->event->programme ||
            programme_at(span, span->from - 1) == span->event->programme);
}

int programmes_of_list(const struct report_layer *list, const struct report_catalogue *catalogue,
                       struct comparison *comparison, ptrdiff_t **of_span)
{
    struct planned_programme *programmes = calloc(list->count + 1, sizeof(programmes[0]));
    ptrdiff_t *indices = calloc(list->count + 1, sizeof(indices[0]));
    size_t count = 0;
    if (programmes == NULL || indices == NULL) {
        free(programmes);
        free(indices);
        return -ENOMEM;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct report_span *span = &list->spans[i];
        struct planned_programme fresh = {.from = span->from,
                                          .to = span->to,
                                          .house_number = report_plan_house_number(span->event),
                                          .title = span->event->title,
                                          .event = span->event,
                                          .is_begun_before = span->event->start < span->from &&
                                                             span->from == comparison->from};
        indices[i] = -1;
        if (!category_of(span->event, catalogue, &fresh.category)) {
            continue;
        }
        if (count > 0 && is_part_of(&programmes[count - 1], span - 1, span)) {
            programmes[count - 1].to = span->to;
        } else {
            programmes[count++] = fresh;
        }
        indices[i] = (ptrdiff_t)count - 1;
    }
    comparison->programmes = programmes;
    comparison->programme_count = count;
    *of_span = indices;
    return 0;
}

void programme_take(struct planned_programme *programme, const struct atom *atom,
                    enum report_class class, int64_t most)
{
    programme->frames[class] += atom->to - atom->from;
    if (class != CLASS_PLANNED) {
        return;
    }
    const int64_t end = atom->aired->record->end;
    const bool runs_over = atom->to == programme->to && end > atom->to;
    if (programme->aired_to == 0) {
        programme->aired_from = atom->from;
    }
    programme->aired_to = runs_over ? (end < most ? end : most) : atom->to;
}

void programme_judge(struct planned_programme *programme)
{
    const int64_t *frames = programme->frames;
    const int64_t length = programme->to - programme->from;
    const int64_t aired = frames[CLASS_PLANNED];
    const bool is_late = aired > 0 && programme->aired_from > programme->from;
    const bool is_cut = aired > 0 && programme->aired_to < programme->to;
    const int64_t others = frames[CLASS_SUBSTITUTED] + frames[CLASS_CHANGED] + frames[CLASS_WRONG];
    const bool is_whole =
        aired == programme->aired_to - programme->aired_from || programme->aired_to > programme->to;
    if (aired == length) {
        programme->status = PROGRAMME_AS_PLANNED;
    } else if (frames[CLASS_OFF_AIR] > 0) {
        programme->status = PROGRAMME_OFF_AIR;
    } else if (frames[CLASS_MUTED] > 0) {
        programme->status = PROGRAMME_MUTED;
    } else if (frames[CLASS_UNRECORDED] > 0) {
        programme->status = PROGRAMME_UNRECORDED;
    } else if (aired == 0) {
        programme->status = others > 0 ? PROGRAMME_REPLACED : PROGRAMME_NOT_AIRED;
    } else if (!is_whole || (!is_late && !is_cut)) {
        programme->status = PROGRAMME_REPLACED;
    } else {
        programme->status = is_late ? PROGRAMME_LATE : PROGRAMME_CUT;
    }
}
