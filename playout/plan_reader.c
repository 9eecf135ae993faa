/* SPDX-License-Identifier: MIT */
#include "playout/plan_reader.h"

#include "playout/asset.h"
#include "playout/intl.h"
#include "playout/plan_store.h"
#include "playout/suggest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIELDS_MOST = 32,
    PROBLEMS_MOST = 50, /* of a plan, which no person wrote, that is enough */
};

int plan_reader_init(struct plan_reader *reader, const char *name, const void *bytes, size_t size,
                     struct problems *problems)
{
    *reader =
        (struct plan_reader){.name = name, .problems = problems, .errors_before = problems->errors};
    if (yaml_parser_initialize(&reader->parser) == 0) {
        return -ENOMEM;
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, bytes, size);
    reader->plan = plan_create();
    if (reader->plan == NULL) {
        plan_reader_finish(reader);
        return -ENOMEM;
    }
    return 0;
}

void plan_reader_finish(struct plan_reader *reader)
{
    yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
    plan_destroy(reader->plan);
    free(reader->lines);
}

void plan_reader_complain(struct plan_reader *reader, int line, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    problems_add(reader->problems, PROBLEM_ERROR, reader->name, line, 0, "%s",
                 text != NULL ? text : "");
    free(text);
    if (reader->problems->errors - reader->errors_before >= PROBLEMS_MOST) {
        reader->result = -EINVAL;
    }
}

int plan_reader_line(const struct plan_reader *reader)
{
    return (int)reader->event.start_mark.line + 1;
}

static int fail_syntax(struct plan_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return reader->result = -ENOMEM;
    }
    plan_reader_complain(reader, (int)parser->problem_mark.line + 1, _("not YAML: %s"),
                         parser->problem != NULL ? parser->problem : "?");
    return reader->result = -EINVAL;
}

int plan_reader_next(struct plan_reader *reader)
{
    yaml_event_delete(&reader->event);
    if (reader->result < 0) {
        return reader->result;
    }
    if (yaml_parser_parse(&reader->parser, &reader->event) == 0) {
        return fail_syntax(reader);
    }
    if (reader->event.type == YAML_ALIAS_EVENT) {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("aliases (*) have no place in a plan"));
        return reader->result = -EINVAL;
    }
    return 0;
}

bool plan_reader_is_scalar(const struct plan_reader *reader)
{
    return reader->event.type == YAML_SCALAR_EVENT;
}

static const char *scalar(const struct plan_reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

int plan_reader_skip_value(struct plan_reader *reader)
{
    int depth = 0;
    for (;;) {
        switch (reader->event.type) {
        case YAML_SEQUENCE_START_EVENT:
        case YAML_MAPPING_START_EVENT:
            depth++;
            break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            depth--;
            break;
        default:
            break;
        }
        if (depth <= 0) {
            return 0;
        }
        const int result = plan_reader_next(reader);
        if (result < 0) {
            return result;
        }
    }
}

static bool parse_integer(const char *text, int64_t *value)
{
    char *end = NULL;
    if (text[0] != '-' && (text[0] < '0' || text[0] > '9')) {
        return false;
    }
    errno = 0;
    *value = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static void read_integer(struct plan_reader *reader, const struct plan_field *field, int64_t *value)
{
    int64_t number = 0;
    if (!parse_integer(scalar(reader), &number) || number < field->least || number > field->most) {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("'%s' is \"%s\"; it must be a whole number from %lld to %lld"),
                             field->key, scalar(reader), (long long)field->least,
                             (long long)field->most);
    } else if (field->step > 0 && number % field->step != 0) {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("'%s' is %lld; it must be a multiple of %lld"), field->key,
                             (long long)number, (long long)field->step);
    } else {
        *value = number;
    }
}

static int read_text(struct plan_reader *reader, const char **text)
{
    *text = plan_intern(reader->plan, scalar(reader));
    return *text != NULL ? 0 : (reader->result = -ENOMEM);
}

static void read_switch(struct plan_reader *reader, const char *key, bool *value)
{
    const bool is_true = strcmp(scalar(reader), "true") == 0;
    if (is_true || strcmp(scalar(reader), "false") == 0) {
        *value = is_true;
    } else {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("'%s' is \"%s\"; it must be true or false"), key, scalar(reader));
    }
}

void plan_reader_hash(struct plan_reader *reader, const char *key, char *hash)
{
    if (asset_is_sha256(scalar(reader))) {
        memcpy(hash, scalar(reader), SHA256_HEX_SIZE);
    } else {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("'%s' is \"%s\"; it must be a SHA-256: 64 digits 0-9 and a-f"), key,
                             scalar(reader));
    }
}

static int read_asset(struct plan_reader *reader, const char *key, const char **asset)
{
    char hash[SHA256_HEX_SIZE] = "";
    plan_reader_hash(reader, key, hash);
    *asset = plan_intern(reader->plan, hash);
    return *asset != NULL ? 0 : (reader->result = -ENOMEM);
}

static int read_list(struct plan_reader *reader, const struct plan_field *field)
{
    if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
        plan_reader_complain(reader, plan_reader_line(reader), _("'%s' must be a list"),
                             field->key);
        return plan_reader_skip_value(reader);
    }
    for (;;) {
        int result = plan_reader_next(reader);
        if (result < 0 || reader->event.type == YAML_SEQUENCE_END_EVENT) {
            return result;
        }
        result = field->read_element(reader);
        if (result < 0) {
            return result;
        }
    }
}

/* Reads one value, whose first event is there, into its record. */
static int read_field(struct plan_reader *reader, const struct plan_field *field, void *record)
{
    void *place = (char *)record + field->offset;
    if (field->type == FIELD_LIST) {
        return read_list(reader, field);
    }
    if (!plan_reader_is_scalar(reader)) {
        plan_reader_complain(reader, plan_reader_line(reader), _("'%s' must be a single value"),
                             field->key);
        return plan_reader_skip_value(reader);
    }
    switch (field->type) {
    case FIELD_UNTIL:
        if (strcmp(scalar(reader), "open") == 0) {
            *(int64_t *)place = AMENDMENT_OPEN;
            break;
        }
        read_integer(reader, field, place);
        break;
    case FIELD_TEXT:
        return read_text(reader, place);
    case FIELD_SWITCH:
        read_switch(reader, field->key, place);
        break;
    case FIELD_HASH:
        return read_asset(reader, field->key, place);
    case FIELD_KIND:
        if (event_kind_parse(scalar(reader), place) < 0) {
            plan_reader_complain(reader, plan_reader_line(reader), _("\"%s\" is no kind of event"),
                                 scalar(reader));
        }
        break;
    default:
        read_integer(reader, field, place);
        break;
    }
    return 0;
}

static ptrdiff_t find_field(const struct plan_field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static void complain_unknown(struct plan_reader *reader, const struct plan_field *fields,
                             size_t count)
{
    const char *known[FIELDS_MOST + 1] = {NULL};
    for (size_t i = 0; i < count; i++) {
        known[i] = fields[i].key;
    }
    const char *nearest = suggest(scalar(reader), known);
    if (nearest != NULL) {
        plan_reader_complain(reader, plan_reader_line(reader),
                             _("unknown key '%s'; did you mean '%s'?"), scalar(reader), nearest);
    } else {
        plan_reader_complain(reader, plan_reader_line(reader), _("unknown key '%s'"),
                             scalar(reader));
    }
}

/* Reads a key (its event is there) and its value. */
static int read_pair(struct plan_reader *reader, const struct plan_field *fields, size_t count,
                     void *record, uint32_t *seen)
{
    if (!plan_reader_is_scalar(reader)) {
        plan_reader_complain(reader, plan_reader_line(reader), _("a key must be a single word"));
        return reader->result = -EINVAL;
    }
    const ptrdiff_t index = find_field(fields, count, scalar(reader));
    if (index < 0) {
        complain_unknown(reader, fields, count);
    } else if ((*seen >> index & 1u) != 0) {
        plan_reader_complain(reader, plan_reader_line(reader), _("'%s' is given twice"),
                             fields[index].key);
    } else {
        *seen |= 1u << index;
        const int result = plan_reader_next(reader);
        return result < 0 ? result : read_field(reader, &fields[index], record);
    }
    const int result = plan_reader_next(reader);
    return result < 0 ? result : plan_reader_skip_value(reader);
}

int plan_reader_record(struct plan_reader *reader, const struct plan_field *fields, size_t count,
                       void *record, const char *what)
{
    const int line = plan_reader_line(reader);
    uint32_t seen = 0;
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        plan_reader_complain(reader, line, _("%s must be a mapping: key: value"), what);
        return plan_reader_skip_value(reader);
    }
    for (;;) {
        int result = plan_reader_next(reader);
        if (result < 0) {
            return result;
        }
        if (reader->event.type == YAML_MAPPING_END_EVENT) {
            break;
        }
        result = read_pair(reader, fields, count, record, &seen);
        if (result < 0) {
            return result;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].is_required && (seen >> i & 1u) == 0) {
            plan_reader_complain(reader, line, _("'%s' is missing in %s"), fields[i].key, what);
        }
    }
    return 0;
}
