/* SPDX-License-Identifier: MIT */
/* engine_outputs: outputs that are in trouble, for alarms and status. */
#include "playout/engine_inner.h"

#include "playout/intl.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 400 };

static const struct transport *transport_of(const struct engine *engine, size_t multiplex)
{
    return &engine_outputs_of(engine)->transports[engine->lanes[multiplex]];
}

static void tell_trouble(const struct transport *transport, const struct output *output,
                         const struct output_state *state, char text[TEXT_SIZE])
{
    const char *why = strerror(state->error);
    if (output->protocol == OUTPUT_FILE) {
        snprintf(text, TEXT_SIZE,
                 _("transport '%s': the recording in %s has gaps: %s; it is tried again each "
                   "second"),
                 transport->name, output->path, why);
    } else if (state->is_open) {
        snprintf(text, TEXT_SIZE, _("transport '%s': nothing can be sent to %s port %d: %s"),
                 transport->name, output->address, output->port, why);
    } else {
        snprintf(text, TEXT_SIZE,
                 _("transport '%s': the output to %s port %d cannot be opened: %s; it is tried "
                   "again every few seconds"),
                 transport->name, output->address, output->port, why);
    }
}

/* One alarm for all of them: its sentence is about the first, and counts the others. */
void engine_tend_outputs(struct engine *engine)
{
    char first[TEXT_SIZE] = "";
    char text[TEXT_SIZE + 80];
    size_t count = 0;
    outputs_tend(engine->outputs);
    for (size_t i = 0; i < engine->multiplex_count; i++) {
        const struct transport *transport = transport_of(engine, i);
        for (size_t k = 0; k < transport->output_count; k++) {
            const struct output_state state = outputs_state(engine->outputs, i, k);
            if (state.error != 0 && count++ == 0) {
                tell_trouble(transport, &transport->outputs[k], &state, first);
            }
        }
    }
    if (count == 0) {
        engine_all_clear(engine, "output");
        return;
    }
    snprintf(text, sizeof(text), "%s", first);
    if (count > 1) {
        snprintf(text, sizeof(text), _("%s (and %zu more outputs)"), first, count - 1);
    }
    engine_alarm(engine, "output", text);
}

static json_t *network_json(const struct output *output)
{
    json_t *object = json_pack(
        "{s:s, s:s, s:i, s:i, s:i}", "protocol", output->protocol == OUTPUT_RTP ? "rtp" : "udp",
        "address", output->address, "port", output->port, "ttl", output->ttl, "dscp", output->dscp);
    if (output->interface != NULL) {
        json_object_set_new(object, "interface", json_string(output->interface));
    }
    if (output->protocol == OUTPUT_RTP) {
        json_object_set_new(object, "ssrc", json_integer((json_int_t)output->ssrc));
    }
    return object;
}

static json_t *file_json(const struct output *output, const struct recorder_status *status)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:I, s:I}", "protocol", "file", "path", output->path,
                     "minutes", output->minutes, "max_megabytes", output->max_megabytes, "recorded",
                     (json_int_t)status->written, "lost", (json_int_t)status->lost);
}

json_t *engine_outputs_json(const struct engine *engine, size_t i)
{
    const struct transport *transport = transport_of(engine, i);
    json_t *list = json_array();
    for (size_t k = 0; k < transport->output_count; k++) {
        const struct output *output = &transport->outputs[k];
        const struct output_state state = outputs_state(engine->outputs, i, k);
        json_t *object = output->protocol == OUTPUT_FILE ? file_json(output, &state.recorder)
                                                         : network_json(output);
        if (state.error != 0) {
            json_object_set_new(object, "error", json_string(strerror(state.error)));
        }
        json_array_append_new(list, object);
    }
    return list;
}
