/* SPDX-License-Identifier: MIT */
#include "scheduler/due.h"

#include "scheduler/store/store_job.h"

#include <string.h>

/* False: no channel of this format has it on its board. */
static bool find_first(const struct ready_board *board, const struct station *station,
                       const struct profile *profile, const char *house_number, int64_t *due_ms)
{
    bool is_wanted = false;
    *due_ms = JOB_NOT_PLANNED;
    for (size_t i = 0; i < board->count; i++) {
        const struct ready_row *row = &board->rows[i];
        const struct service *service = station_service(station, row->channel);
        if (service->profile != profile || strcmp(row->house_number, house_number) != 0) {
            continue;
        }
        is_wanted = true;
        if (row->start != READY_NO_TIME && ready_start_ms(row) < *due_ms) {
            *due_ms = ready_start_ms(row);
        }
    }
    return is_wanted;
}

size_t due_find(const struct ready_board *board, const struct station *station,
                const char *house_number, struct due *dues)
{
    size_t count = 0;
    for (size_t i = 0; i < station->profile_count; i++) {
        const struct profile *profile = &station->profiles[i];
        int64_t due_ms = 0;
        if (find_first(board, station, profile, house_number, &due_ms)) {
            dues[count++] = (struct due){profile, due_ms};
        }
    }
    return count;
}
