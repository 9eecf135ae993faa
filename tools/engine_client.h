/* SPDX-License-Identifier: MIT */
/*
 * engine_client: how the operator's commands speak to the engine.
 */
#ifndef TOOLS_ENGINE_CLIENT_H
#define TOOLS_ENGINE_CLIENT_H

#include <jansson.h>

/*
 * Sends a request to the engine of a station (its file's path) and prints
 * whatever goes wrong, in a sentence.  Takes over `request`.  Returns the
 * answer, to be released, or NULL.
 */
json_t *engine_client_ask(const char *station_path, json_t *request);

#endif
