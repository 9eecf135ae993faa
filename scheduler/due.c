/* SPDX-License-Identifier: MIT */
#include "scheduler/due.h"

#include "scheduler/store/store_job.h"

#include <string.h>

/* The start of its first slot on a channel. */
static int64_t first_start(const struct ready_board *board, const char *channel,
                           const char *house_number)
{
    int64_t first_ms = JOB_NOT_PLANNED;
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        if (row->start != READY_NO_TIME && strcmp(row->channel, channel) == 0 &&
            strcmp(row->house_number, house_number) == 0 && ready_start_ms(row) < first_ms) {
            first_ms = ready_start_ms(row);
        }
    }
    return first_ms;
}

size_t due_find(const struct station *station, const struct named_numbers *named,
                const struct ready_board *board, const char *house_number, struct due *dues)
{
    size_t count = 0;
    for (size_t i = 0; i < station->profile_count; i++) {
        struct due due = {&station->profiles[i], JOB_NOT_PLANNED};
        bool is_wanted = false;
        for (size_t n = 0; n < station_service_count(station); n++) {
            const struct service *service = station_service_at(station, n);
            if (service->profile != due.profile || !named_numbers_on(named, n, house_number)) {
                continue;
            }
            const int64_t start_ms = first_start(board, service->name, house_number);
            due.due_ms = start_ms < due.due_ms ? start_ms : due.due_ms;
            is_wanted = true;
        }
        if (is_wanted) {
            dues[count++] = due;
        }
    }
    return count;
}
