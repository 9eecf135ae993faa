/* SPDX-License-Identifier: MIT */
/* Timetables: whatever the bytes, a verdict and no crash, hang or leak. */
#include "scheduler/timetable.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct timetable *timetable = NULL;
    struct problems problems;
    problems_init(&problems);
    const struct timetable_source source = {"fuzz.yaml", data, size};
    const int result = timetable_parse(&source, 1, NULL, NULL, &timetable, &problems);
    if ((result == 0) != (timetable != NULL)) {
        abort();
    }
    timetable_destroy(timetable);
    problems_finish(&problems);
    return 0;
}
