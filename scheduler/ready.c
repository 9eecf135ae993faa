/* SPDX-License-Identifier: MIT */
#include "scheduler/ready.h"

#include "playout/intl.h"
#include "scheduler/order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Rows ---------------------------------------------------------------------------- */

static void finish_row(struct ready_row *row)
{
    free(row->house_number);
    free(row->grade);
    free(row->title);
    free(row->substitute);
    free(row->airs);
}

void ready_finish(struct ready_board *board)
{
    for (size_t i = 0; i < board->count; i++) {
        finish_row(&board->rows[i]);
    }
    free(board->rows);
    *board = (struct ready_board){0};
}

static char *copy(const char *text)
{
    return strdup(text != NULL ? text : "");
}

/* "语文 荷花", but "音乐" where both are the same. */
static char *lesson_title(const struct lesson *lesson)
{
    char *title = NULL;
    const bool has_subject =
        lesson->subject[0] != '\0' && strcmp(lesson->subject, lesson->title) != 0;
    return asprintf(&title, "%s%s%s", has_subject ? lesson->subject : "", has_subject ? " " : "",
                    lesson->title) >= 0
               ? title
               : NULL;
}

/* What the texts of a row are copied from; members may be NULL. */
struct row_texts {
    const char *house_number;
    const struct lesson *lesson;
    const char *title; /* where there is no lesson */
    const char *substitute;
    const char *airs;
};

static int add_row(struct ready_board *board, const struct ready_row *row,
                   const struct row_texts *texts)
{
    if (board->count == board->capacity) {
        const size_t capacity = board->capacity > 0 ? board->capacity * 2 : 32;
        struct ready_row *grown = realloc(board->rows, capacity * sizeof(*grown));
        if (grown == NULL) {
            return -ENOMEM;
        }
        board->rows = grown;
        board->capacity = capacity;
    }
    struct ready_row fresh = *row;
    fresh.house_number = copy(texts->house_number);
    fresh.grade = copy(texts->lesson != NULL ? texts->lesson->grade : NULL);
    fresh.title = texts->lesson != NULL ? lesson_title(texts->lesson) : copy(texts->title);
    fresh.substitute = copy(texts->substitute);
    fresh.airs = copy(texts->airs);
    if (fresh.house_number == NULL || fresh.grade == NULL || fresh.title == NULL ||
        fresh.substitute == NULL || fresh.airs == NULL) {
        finish_row(&fresh);
        return -ENOMEM;
    }
    board->rows[board->count++] = fresh;
    return 0;
}

/* --- Slots ----------------------------------------------------------------------------- */

struct gatherer {
    struct slot_visitor visitor; /* first */
    struct ready_board *board;
    const char *channel;
    size_t first; /* the channel's first row */
};

static enum ready_run run_of(const struct surveyed_slot *slot, const struct lesson *lesson)
{
    if (slot->day->kind == SLOT_RELAY) {
        return READY_RELAY;
    }
    if (slot->day->kind == SLOT_REPEAT || (slot->item != NULL && lesson != NULL)) {
        return READY_REPEAT;
    }
    return lesson != NULL && !lesson->is_shared ? READY_FIRST_RUN : READY_SHARED;
}

/* A list may have the same thing several times. */
static bool is_known(const struct gatherer *gatherer, const struct surveyed_slot *slot,
                     const char *house_number)
{
    const struct ready_board *board = gatherer->board;
    for (size_t i = board->count; slot->item != NULL && i > gatherer->first; i--) {
        const struct ready_row *row = &board->rows[i - 1];
        if (row->start != slot->start) {
            break;
        }
        if (strcmp(row->house_number, house_number) == 0) {
            return true;
        }
    }
    return false;
}

static int gather(struct slot_visitor *self, const struct surveyed_slot *slot)
{
    struct gatherer *gatherer = (struct gatherer *)self;
    const struct day_slot *day = slot->day;
    const struct lesson *lesson = slot->item != NULL ? slot->item->lesson : day->lesson;
    const char *house_number = slot->item != NULL ? slot->item->house_number
                               : lesson != NULL   ? lesson->house_number
                                                  : day->house_number;
    const bool has_substitute = slot->choice.substitute.state != MEDIA_NOT_NEEDED;
    struct ready_row row = {.channel = gatherer->channel,
                            .start = slot->start,
                            .end = slot->end,
                            .date = slot->date,
                            .seconds = day->start,
                            .run = run_of(slot, lesson),
                            .is_of_list = slot->item != NULL,
                            .has_cutoff = lesson != NULL,
                            .is_recording = lesson != NULL && lesson->live != NULL,
                            .state = slot->choice.own.state,
                            .newest = slot->choice.own.newest,
                            .substitute_state = slot->choice.substitute.state};
    const struct row_texts texts = {.house_number = house_number,
                                    .lesson = lesson,
                                    .title = day->name,
                                    .substitute = has_substitute ? lesson->substitute : NULL,
                                    .airs = slot->airs != NULL ? slot->airs->house_number : NULL};
    const struct library_asset *file = slot->choice.own.file;
    if (file != NULL) {
        memcpy(row.file, file->sha256, sizeof(row.file));
    }
    return is_known(gatherer, slot, house_number) ? 0 : add_row(gatherer->board, &row, &texts);
}

/* --- What airs between them --------------------------------------------------------------- */

static int add_timeless(const struct compile_input *input, struct gatherer *gatherer,
                        struct ready_row *row, const struct row_texts *texts)
{
    const struct ready_board *board = gatherer->board;
    for (size_t i = gatherer->first; i < board->count; i++) {
        if (board->rows[i].run == row->run &&
            strcmp(board->rows[i].house_number, texts->house_number) == 0) {
            return 0;
        }
    }
    const struct library_asset *asset =
        library_find(input->library, input->profile->name, texts->house_number);
    const bool is_fit =
        asset != NULL && (row->run == READY_FILLER ? compile_is_filler(input->profile, asset)
                                                   : library_is_cut_anywhere(asset));
    const bool is_damaged =
        asset == NULL &&
        library_is_damaged(input->library, input->profile->name, texts->house_number);
    row->state = is_damaged      ? MEDIA_DAMAGED
                 : asset == NULL ? MEDIA_MISSING
                 : is_fit        ? MEDIA_READY
                                 : MEDIA_UNFIT;
    row->newest = row->state;
    struct row_texts all = *texts;
    all.airs = is_fit ? texts->house_number : NULL;
    return add_row(gatherer->board, row, &all);
}

/* The fillers and cards of a timetable. */
static int add_between(const struct compile_input *input, const struct timetable *timetable,
                       struct gatherer *gatherer)
{
    const struct card *const cards[] = {&timetable->presentation.next,
                                        &timetable->presentation.countdown};
    const char *const names[] = {_("card of the next lesson"), _("countdown")};
    struct ready_row row = {.channel = gatherer->channel,
                            .start = READY_NO_TIME,
                            .end = READY_NO_TIME,
                            .run = READY_FILLER};
    int result = 0;
    for (size_t i = 0; result == 0 && i < timetable->filler_count; i++) {
        const struct filler *filler = &timetable->fillers[i];
        const struct row_texts texts = {.house_number = filler->house_number,
                                        .title =
                                            filler->title != NULL ? filler->title : _("filler")};
        result = add_timeless(input, gatherer, &row, &texts);
    }
    row.run = READY_CARD;
    for (size_t i = 0; result == 0 && i < sizeof(cards) / sizeof(cards[0]); i++) {
        const struct row_texts texts = {.house_number = cards[i]->house_number, .title = names[i]};
        if (texts.house_number != NULL) {
            result = add_timeless(input, gatherer, &row, &texts);
        }
    }
    return result;
}

/* What stands in for a slot without media is a filler, or, where none can air, the slate. */
static void note_fillers(struct ready_board *board, size_t first)
{
    bool has_fillers = false;
    for (size_t i = first; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        has_fillers = has_fillers || (row->run == READY_FILLER && row->state == MEDIA_READY);
    }
    for (size_t i = first; i < board->count; i++) {
        board->rows[i].has_fillers = has_fillers;
    }
}

int ready_survey(const struct compile_input *input, const char *channel, struct ready_board *board)
{
    const struct frozen_days *frozen = input->frozen;
    struct gatherer gatherer = {
        .visitor = {gather}, .board = board, .channel = channel, .first = board->count};
    int result = compile_survey(input, &gatherer.visitor);
    if (result == 0) {
        result = add_between(input, input->timetable, &gatherer);
    }
    /* Closed days air the fillers that they had. */
    for (size_t i = 0; result == 0 && frozen != NULL && i < frozen->count; i++) {
        struct civil midnight = {.hour = 24};
        civil_date(frozen->items[i].date, &midnight);
        if (zone_from_civil(input->zone, &midnight) * FRAMES_PER_SECOND > input->from) {
            result = add_between(input, frozen->items[i].timetable, &gatherer);
        }
    }
    note_fillers(board, gatherer.first);
    return result;
}

/* --- What operators have ordered -------------------------------------------------------------- */

/* True when the order airs in the slot, instead of what the timetable has there. */
static bool is_replaced(const struct ready_row *row, const struct plan_event *event)
{
    return row->start != READY_NO_TIME && row->start <= event->start && event->start < row->end &&
           strcmp(row->house_number, event->instead_of) == 0;
}

static int mark_replaced(struct ready_row *row, const struct plan_event *event)
{
    char *airs = strdup(event->house_number != NULL ? event->house_number : "");
    if (airs == NULL) {
        return -ENOMEM;
    }
    free(row->airs);
    row->airs = airs;
    row->state = MEDIA_REPLACED;
    row->order = event->amendment;
    return 0;
}

int ready_mark_replaced(struct ready_board *board, size_t first, const struct plan *plan)
{
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct plan_event *event = &plan->events[i];
        for (size_t k = first;
             event->amendment != 0 && event->instead_of != NULL && k < board->count; k++) {
            if (is_replaced(&board->rows[k], event) && mark_replaced(&board->rows[k], event) < 0) {
                return -ENOMEM;
            }
        }
    }
    return 0;
}

/* NULL: none, or one that is unknown here. */
static const struct plan_amendment *order_at(const struct plan *plan, int64_t frame)
{
    const struct plan_amendment *last = NULL;
    enum order_kind kind = ORDER_SKIP;
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const struct plan_amendment *order = &plan->amendments[i];
        if (!order->is_undone && order->from <= frame && frame < order->until &&
            order_kind_parse(order->kind, &kind) == 0 && (last == NULL || order->id > last->id)) {
            last = order;
        }
    }
    return last;
}

void ready_mark_over(struct ready_board *board, size_t first, const struct plan *plan,
                     int64_t frame)
{
    const struct plan_amendment *order = order_at(plan, frame);
    enum order_kind kind = ORDER_SKIP;
    if (order == NULL || order_kind_parse(order->kind, &kind) < 0) {
        return;
    }
    for (size_t i = first; i < board->count; i++) {
        struct ready_row *row = &board->rows[i];
        if (row->start != READY_NO_TIME && row->start <= frame && frame < row->end) {
            row->over = order->id;
            row->over_kind = order_kind_name(kind);
        }
    }
}

/* --- Order and urgency ------------------------------------------------------------------------ */

static int compare_rows(const void *left, const void *right)
{
    const struct ready_row *a = left;
    const struct ready_row *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    const int by_channel = strcmp(a->channel, b->channel);
    return by_channel != 0 ? by_channel : strcmp(a->house_number, b->house_number);
}

void ready_sort(struct ready_board *board)
{
    if (board->count > 0) {
        qsort(board->rows, board->count, sizeof(board->rows[0]), compare_rows);
    }
}

bool ready_is_wanting(const struct ready_row *row)
{
    if (row->state == MEDIA_LIVE) {
        return row->substitute_state != MEDIA_NOT_NEEDED && row->substitute_state != MEDIA_READY;
    }
    return row->state != MEDIA_READY && row->state != MEDIA_REPLACED;
}

int64_t ready_start_ms(const struct ready_row *row)
{
    return row->start == READY_NO_TIME ? READY_NO_TIME : compile_start_ms(row->start);
}

int64_t ready_cutoff_at_ms(const struct ready_row *row, int64_t cutoff_ms)
{
    const int64_t start_ms = ready_start_ms(row);
    return row->has_cutoff && row->start != READY_NO_TIME ? start_ms - cutoff_ms : start_ms;
}

enum ready_urgency ready_urgency(const struct ready_row *row, int64_t now_ms, int64_t cutoff_ms)
{
    if (!ready_is_wanting(row) || row->start == READY_NO_TIME) {
        return READY_CALM;
    }
    if (now_ms >= ready_cutoff_at_ms(row, cutoff_ms)) {
        return READY_DECIDED;
    }
    return now_ms >= ready_start_ms(row) - READY_WARN_MS ? READY_DUE : READY_CALM;
}
