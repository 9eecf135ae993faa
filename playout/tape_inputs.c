/* SPDX-License-Identifier: MIT */
#include "playout/tape_inner.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct tape_inputs {
    atomic_int references;
    struct tape_step *steps;
    size_t step_count;
    struct asset **assets;
    size_t asset_count;
};

struct tape_inputs *tape_inputs_create(const struct tape_step *steps, size_t step_count,
                                       struct asset *const *assets, size_t asset_count)
{
    struct tape_inputs *inputs = calloc(1, sizeof(*inputs));
    if (inputs == NULL) {
        return NULL;
    }
    atomic_init(&inputs->references, 1);
    inputs->steps = calloc(step_count, sizeof(inputs->steps[0]));
    inputs->assets = calloc(asset_count + 1, sizeof(struct asset *));
    if (inputs->steps == NULL || inputs->assets == NULL) {
        tape_inputs_unref(inputs);
        return NULL;
    }
    for (size_t i = 0; i < step_count; i++) {
        inputs->steps[i] = steps[i];
        timeline_ref(steps[i].timeline);
    }
    inputs->step_count = step_count;
    for (size_t i = 0; i < asset_count; i++) {
        inputs->assets[i] = asset_ref(assets[i]);
    }
    inputs->asset_count = asset_count;
    return inputs;
}

struct tape_inputs *tape_inputs_ref(struct tape_inputs *inputs)
{
    atomic_fetch_add(&inputs->references, 1);
    return inputs;
}

void tape_inputs_unref(struct tape_inputs *inputs)
{
    if (inputs == NULL || atomic_fetch_sub(&inputs->references, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < inputs->step_count; i++) {
        timeline_unref(inputs->steps[i].timeline);
    }
    for (size_t i = 0; i < inputs->asset_count; i++) {
        asset_unref(inputs->assets[i]);
    }
    free(inputs->steps);
    free(inputs->assets);
    free(inputs);
}

const struct tape_step *tape_inputs_step(const struct tape_inputs *inputs, int64_t frame)
{
    size_t i = inputs->step_count - 1; /* nearly always the last */
    while (i > 0 && inputs->steps[i].frame > frame) {
        i--;
    }
    return &inputs->steps[i];
}

const struct asset *tape_inputs_asset(const struct tape_inputs *inputs, struct asset *slate,
                                      const char *sha256)
{
    if (sha256[0] == '\0' || strcmp(sha256, asset_sha256(slate)) == 0) {
        return slate;
    }
    for (size_t i = 0; i < inputs->asset_count; i++) {
        if (strcmp(asset_sha256(inputs->assets[i]), sha256) == 0) {
            return inputs->assets[i];
        }
    }
    return NULL;
}
