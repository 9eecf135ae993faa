/* SPDX-License-Identifier: MIT */
#include "scheduler/shape.h"

#include "playout/intl.h"
#include "scheduler/when.h"

#include <string.h>

const struct shape_key *shape_find(const struct shape *shape, const char *name)
{
    for (const struct shape_key *key = shape->keys; key->name != NULL; key++) {
        if (strcmp(key->name, name) == 0) {
            return key;
        }
    }
    return NULL;
}

const struct shape_word *shape_word(const struct shape_word *words, const char *text)
{
    for (; words->english != NULL; words++) {
        if (strcmp(words->english, text) == 0 ||
            (words->chinese != NULL && strcmp(words->chinese, text) == 0)) {
            return words;
        }
    }
    return NULL;
}

/* --- JSON Schema ----------------------------------------------------------------- */

static json_t *words_schema(const struct shape_word *words)
{
    json_t *list = json_array();
    for (; words->english != NULL; words++) {
        if (strcmp(words->english, "true") == 0 || strcmp(words->english, "false") == 0) {
            json_array_append_new(list, json_boolean(words->english[0] == 't'));
        } else {
            json_array_append_new(list, json_string(words->english));
        }
        if (words->chinese != NULL) {
            json_array_append_new(list, json_string(words->chinese));
        }
    }
    return json_pack("{s:o}", "enum", list);
}

/* YAML's reader makes a number of what looks like one: both are let in. */
static json_t *pattern_schema(const char *pattern)
{
    return json_pack("{s:[s,s], s:s}", "type", "string", "integer", "pattern", pattern);
}

static json_t *object_schema(const struct shape *shape);

static json_t *type_schema(const struct shape_key *key)
{
    switch (key->type) {
    case SHAPE_TEXT:
        return json_pack("{s:[s,s], s:i, s:i}", "type", "string", "number", "minLength", 1,
                         "maxLength", SHAPE_TEXT_MOST);
    case SHAPE_SWITCH:
        return json_pack("{s:s}", "type", "boolean");
    case SHAPE_NUMBER:
        return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", key->least, "maximum",
                         key->most);
    case SHAPE_CLOCK:
        return pattern_schema("^[^-]*[0-9０-９]");
    case SHAPE_LENGTH:
        return pattern_schema("^[0-9０-９]");
    case SHAPE_DATE:
        return pattern_schema("^[0-9０-９]{4}.*[0-9０-９]");
    case SHAPE_DAY:
        return pattern_schema("^(周|星期)[一二三四五六日天1-7１-７]$|^[A-Za-z]{3,9}$");
    case SHAPE_WEEKS:
        return pattern_schema("[0-9０-９单双]|odd|even");
    case SHAPE_WORD:
        return words_schema(key->words);
    case SHAPE_OBJECT:
        return object_schema(key->object);
    case SHAPE_OTHER:
        break;
    }
    return json_object();
}

static json_t *or_null(json_t *schema)
{
    return json_pack("{s:[o,{s:s}]}", "anyOf", schema, "type", "null");
}

static json_t *list_schema(json_t *item)
{
    return json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems", SHAPE_ITEMS_MOST, "items",
                     item);
}

static json_t *key_schema(const struct shape_key *key)
{
    json_t *one = type_schema(key);
    json_t *schema = one;
    switch (key->form) {
    case SHAPE_ONE:
        break;
    case SHAPE_LIST:
        schema = list_schema(one);
        break;
    case SHAPE_ONE_OR_LIST:
        schema = json_pack("{s:[O,o]}", "anyOf", one, list_schema(json_deep_copy(one)));
        json_decref(one);
        break;
    case SHAPE_MAP:
        schema = json_pack("{s:s, s:o}", "type", "object", "additionalProperties", one);
        break;
    case SHAPE_ROWS:
        schema = json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
                           list_schema(or_null(one)));
        break;
    }
    if (!key->is_needed || key->may_be_null) {
        schema = or_null(schema);
    }
    json_object_set_new(schema, "description", json_string(_(key->doc)));
    return schema;
}

static json_t *object_schema(const struct shape *shape)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    for (const struct shape_key *key = shape->keys; key->name != NULL; key++) {
        json_object_set_new(properties, key->name, key_schema(key));
        if (key->is_needed) {
            json_array_append_new(required, json_string(key->name));
        }
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required",
                     required, "additionalProperties", 0);
}

json_t *shape_schema(const struct shape *shape)
{
    json_t *schema = object_schema(shape);
    json_object_set_new(schema, "$schema",
                        json_string("https://json-schema.org/draft/2020-12/schema"));
    json_object_set_new(schema, "title", json_string(shape->name));
    return schema;
}
