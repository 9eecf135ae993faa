/* SPDX-License-Identifier: MIT */
/* Plans: whatever the bytes, a verdict and no crash, hang or leak. */
#include "playout/plan.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan *plan = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = plan_parse("fuzz.yaml", data, size, &plan, &problems);
    if ((result == 0) != (plan != NULL)) {
        abort();
    }
    plan_destroy(plan);
    problems_finish(&problems);
    return 0;
}
