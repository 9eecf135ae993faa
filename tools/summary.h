/* SPDX-License-Identifier: MIT */
/*
 * summary: values of a JSON object, for those who show them.
 *
 * What is not there, or of another kind, is 0 or "".
 */
#ifndef TOOLS_SUMMARY_H
#define TOOLS_SUMMARY_H

#include <jansson.h>
#include <stdint.h>

static inline int64_t summary_integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static inline double summary_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* Borrowed from the object. */
static inline const char *summary_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

#endif
