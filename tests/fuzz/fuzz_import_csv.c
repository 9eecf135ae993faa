/* SPDX-License-Identifier: MIT */
/*
 * CSV of any program: no crash, hang or leak, and what is written is YAML.
 * The last byte chooses what is asked for.
 */
#include "tests/fuzz/import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned choice = size > 0 ? data[size - 1] : 0;
    const struct import_request request = {.format = IMPORT_FORMAT_DETECT,
                                           .grade = choice % 5 == 1 ? "一年级" : NULL,
                                           .lines = choice % 5 == 2 ? "学科,课题,教师" : NULL,
                                           .day = choice % 5 == 3 ? "周一" : NULL,
                                           .subjects = choice % 5 == 4 ? "编程,棋" : NULL};
    fuzz_import(data, size, &request);
    return 0;
}
