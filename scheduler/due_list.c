/* SPDX-License-Identifier: MIT */
#include "scheduler/due_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *profile_of(const struct station *station, const char *channel)
{
    for (size_t i = 0; i < station_service_count(station); i++) {
        const struct service *service = station_service_at(station, i);
        if (strcmp(service->name, channel) == 0) {
            return service->profile->name;
        }
    }
    return "";
}

static int compare(const void *a, const void *b)
{
    const struct job_due *one = a;
    const struct job_due *other = b;
    const int order = job_due_compare(a, b);
    return order != 0 ? order : (one->due_ms > other->due_ms) - (one->due_ms < other->due_ms);
}

/* Of the slots of a number the soonest stays. */
static void keep_soonest(struct due_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kept == 0 || job_due_compare(&list->dues[kept - 1], &list->dues[i]) != 0) {
            list->dues[kept++] = list->dues[i];
        }
    }
    list->count = kept;
}

int due_list_create(const struct station *station, struct ready_board *board,
                    struct due_list **list)
{
    struct due_list *fresh = calloc(1, sizeof(*fresh));
    struct job_due *dues = calloc(board->count + 1, sizeof(dues[0]));
    if (fresh == NULL || dues == NULL) {
        free(fresh);
        free(dues);
        ready_finish(board);
        return -ENOMEM;
    }
    *fresh = (struct due_list){.board = *board, .dues = dues};
    *board = (struct ready_board){0};
    for (size_t i = 0; i < fresh->board.count; i++) {
        const struct ready_row *row = &fresh->board.rows[i];
        if (row->start != READY_NO_TIME) {
            dues[fresh->count++] = (struct job_due){
                row->house_number, profile_of(station, row->channel), ready_start_ms(row)};
        }
    }
    qsort(dues, fresh->count, sizeof(dues[0]), compare);
    keep_soonest(fresh);
    *list = fresh;
    return 0;
}

void due_list_destroy(struct due_list *list)
{
    if (list != NULL) {
        ready_finish(&list->board);
        free(list->dues);
        free(list);
    }
}
