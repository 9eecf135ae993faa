/* SPDX-License-Identifier: MIT */
/*
 * plan_read: the reading side of plan.h.
 *
 * Reads libyaml's events one by one, so that memory holds the plan and not
 * its text: the engine of a week's television stays small.  What a mapping
 * may hold is a table of fields, one per kind of record.
 */
#include "playout/asset.h"
#include "playout/intl.h"
#include "playout/plan.h"
#include "playout/plan_store.h"
#include "playout/station.h"
#include "playout/suggest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

enum {
    FORMAT_VERSION = 1,
    FIELDS_MOST = 32,
    PROBLEMS_MOST = 50, /* of a plan, which no person wrote, that is enough */
};

/* The year 9999, in frames: K x frame then stays far below 2^63. */
#define FRAME_MOST    ((int64_t)253402300800 * FRAMES_PER_SECOND)
#define DURATION_MOST ((int64_t)366 * 86400 * FRAMES_PER_SECOND)

struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *name;
    struct problems *problems;
    size_t errors_before;
    int result; /* once negative nothing more is read */
    struct plan *plan;
    int *lines; /* of the events */
    size_t line_capacity;
};

enum field_type {
    FIELD_INTEGER,
    FIELD_UNTIL, /* a frame or "open" */
    FIELD_TEXT,
    FIELD_SWITCH,
    FIELD_HASH,
    FIELD_KIND,
    FIELD_LIST,
};

struct field {
    const char *key;
    enum field_type type;
    size_t offset; /* in the record */
    bool is_required;
    int64_t least;
    int64_t most;
    int64_t step;                               /* 0: any */
    int (*read_element)(struct reader *reader); /* FIELD_LIST: the element's first event is there */
};

__attribute__((format(printf, 3, 4))) static void complain(struct reader *reader, int line,
                                                           const char *format, ...)
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

static int line_of(const struct reader *reader)
{
    return (int)reader->event.start_mark.line + 1;
}

static int fail_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return reader->result = -ENOMEM;
    }
    complain(reader, (int)parser->problem_mark.line + 1, _("not YAML: %s"),
             parser->problem != NULL ? parser->problem : "?");
    return reader->result = -EINVAL;
}

/* Reads the next event; 0 or a negative code. */
static int next(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (reader->result < 0) {
        return reader->result;
    }
    if (yaml_parser_parse(&reader->parser, &reader->event) == 0) {
        return fail_syntax(reader);
    }
    if (reader->event.type == YAML_ALIAS_EVENT) {
        complain(reader, line_of(reader), _("aliases (*) have no place in a plan"));
        return reader->result = -EINVAL;
    }
    return 0;
}

static bool is_scalar(const struct reader *reader)
{
    return reader->event.type == YAML_SCALAR_EVENT;
}

static const char *scalar(const struct reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

/* Passes over the value whose first event has been read. */
static int skip_value(struct reader *reader)
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
        const int result = next(reader);
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

static void read_integer(struct reader *reader, const struct field *field, int64_t *value)
{
    int64_t number = 0;
    if (!parse_integer(scalar(reader), &number) || number < field->least || number > field->most) {
        complain(reader, line_of(reader),
                 _("'%s' is \"%s\"; it must be a whole number from %lld to %lld"), field->key,
                 scalar(reader), (long long)field->least, (long long)field->most);
    } else if (field->step > 0 && number % field->step != 0) {
        complain(reader, line_of(reader), _("'%s' is %lld; it must be a multiple of %lld"),
                 field->key, (long long)number, (long long)field->step);
    } else {
        *value = number;
    }
}

static int read_text(struct reader *reader, const char **text)
{
    *text = plan_intern(reader->plan, scalar(reader));
    return *text != NULL ? 0 : (reader->result = -ENOMEM);
}

static void read_switch(struct reader *reader, const char *key, bool *value)
{
    const bool is_true = strcmp(scalar(reader), "true") == 0;
    if (is_true || strcmp(scalar(reader), "false") == 0) {
        *value = is_true;
    } else {
        complain(reader, line_of(reader), _("'%s' is \"%s\"; it must be true or false"), key,
                 scalar(reader));
    }
}

static void read_hash(struct reader *reader, const char *key, char *hash)
{
    if (asset_is_sha256(scalar(reader))) {
        memcpy(hash, scalar(reader), SHA256_HEX_SIZE);
    } else {
        complain(reader, line_of(reader),
                 _("'%s' is \"%s\"; it must be a SHA-256: 64 digits 0-9 and a-f"), key,
                 scalar(reader));
    }
}

static int read_asset(struct reader *reader, const char *key, const char **asset)
{
    char hash[SHA256_HEX_SIZE] = "";
    read_hash(reader, key, hash);
    *asset = plan_intern(reader->plan, hash);
    return *asset != NULL ? 0 : (reader->result = -ENOMEM);
}

static int read_list(struct reader *reader, const struct field *field)
{
    if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
        complain(reader, line_of(reader), _("'%s' must be a list"), field->key);
        return skip_value(reader);
    }
    for (;;) {
        int result = next(reader);
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
static int read_field(struct reader *reader, const struct field *field, void *record)
{
    void *place = (char *)record + field->offset;
    if (field->type == FIELD_LIST) {
        return read_list(reader, field);
    }
    if (!is_scalar(reader)) {
        complain(reader, line_of(reader), _("'%s' must be a single value"), field->key);
        return skip_value(reader);
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
            complain(reader, line_of(reader), _("\"%s\" is no kind of event"), scalar(reader));
        }
        break;
    default:
        read_integer(reader, field, place);
        break;
    }
    return 0;
}

static ptrdiff_t find_field(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static void complain_unknown(struct reader *reader, const struct field *fields, size_t count)
{
    const char *known[FIELDS_MOST + 1] = {NULL};
    for (size_t i = 0; i < count; i++) {
        known[i] = fields[i].key;
    }
    const char *nearest = suggest(scalar(reader), known);
    if (nearest != NULL) {
        complain(reader, line_of(reader), _("unknown key '%s'; did you mean '%s'?"), scalar(reader),
                 nearest);
    } else {
        complain(reader, line_of(reader), _("unknown key '%s'"), scalar(reader));
    }
}

/* Reads a key (its event is there) and its value. */
static int read_pair(struct reader *reader, const struct field *fields, size_t count, void *record,
                     uint32_t *seen)
{
    if (!is_scalar(reader)) {
        complain(reader, line_of(reader), _("a key must be a single word"));
        return reader->result = -EINVAL;
    }
    const ptrdiff_t index = find_field(fields, count, scalar(reader));
    if (index < 0) {
        complain_unknown(reader, fields, count);
    } else if ((*seen >> index & 1u) != 0) {
        complain(reader, line_of(reader), _("'%s' is given twice"), fields[index].key);
    } else {
        *seen |= 1u << index;
        const int result = next(reader);
        return result < 0 ? result : read_field(reader, &fields[index], record);
    }
    const int result = next(reader);
    return result < 0 ? result : skip_value(reader);
}

/* Reads a mapping, whose first event is there, by its table of fields. */
static int read_record(struct reader *reader, const struct field *fields, size_t count,
                       void *record, const char *what)
{
    const int line = line_of(reader);
    uint32_t seen = 0;
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        complain(reader, line, _("%s must be a mapping: key: value"), what);
        return skip_value(reader);
    }
    for (;;) {
        int result = next(reader);
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
            complain(reader, line, _("'%s' is missing in %s"), fields[i].key, what);
        }
    }
    return 0;
}

#define COUNT(array)     (sizeof(array) / sizeof((array)[0]))
#define AT(type, member) offsetof(struct type, member)

static const struct field event_fields[] = {
    {"seq", FIELD_INTEGER, AT(plan_event, seq), true, 1, INT64_MAX, 0, NULL},
    {"start", FIELD_INTEGER, AT(plan_event, start), true, 0, FRAME_MOST, 0, NULL},
    {"duration", FIELD_INTEGER, AT(plan_event, duration), true, EVENT_MIN_FRAMES, DURATION_MOST, 0,
     NULL},
    {"in_point", FIELD_INTEGER, AT(plan_event, in_point), false, 0, DURATION_MOST, GOP_FRAMES,
     NULL},
    {"programme", FIELD_INTEGER, AT(plan_event, programme), true, 1, INT64_MAX, 0, NULL},
    {"kind", FIELD_KIND, AT(plan_event, kind), true, 0, 0, 0, NULL},
    {"asset", FIELD_HASH, AT(plan_event, asset), false, 0, 0, 0, NULL},
    {"house_number", FIELD_TEXT, AT(plan_event, house_number), false, 0, 0, 0, NULL},
    {"title", FIELD_TEXT, AT(plan_event, title), false, 0, 0, 0, NULL},
    {"text", FIELD_TEXT, AT(plan_event, text), false, 0, 0, 0, NULL},
    {"genre", FIELD_TEXT, AT(plan_event, genre), false, 0, 0, 0, NULL},
    {"subtitles", FIELD_SWITCH, AT(plan_event, has_subtitles), false, 0, 0, 0, NULL},
    {"signed", FIELD_SWITCH, AT(plan_event, is_signed), false, 0, 0, 0, NULL},
    {"instead_of", FIELD_TEXT, AT(plan_event, instead_of), false, 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, AT(plan_event, reason), false, 0, 0, 0, NULL},
    {"source", FIELD_TEXT, AT(plan_event, source), false, 0, 0, 0, NULL},
};

static int note_line(struct reader *reader, int line)
{
    const size_t count = reader->plan->event_count;
    if (count >= reader->line_capacity) {
        const size_t capacity = count * 2 + 64;
        int *grown = realloc(reader->lines, capacity * sizeof(*grown));
        if (grown == NULL) {
            return reader->result = -ENOMEM;
        }
        reader->lines = grown;
        reader->line_capacity = capacity;
    }
    reader->lines[count] = line;
    return 0;
}

static void check_follows(struct reader *reader, const struct plan_event *event, int line)
{
    const struct plan *plan = reader->plan;
    if (plan->event_count == 0) {
        return;
    }
    const struct plan_event *before = &plan->events[plan->event_count - 1];
    const int64_t end = before->start + before->duration;
    if (event->start > end) {
        complain(reader, line, _("a gap of %lld frames before event %lld"),
                 (long long)(event->start - end), (long long)event->seq);
    } else if (event->start < end) {
        complain(reader, line, _("event %lld overlaps event %lld by %lld frames"),
                 (long long)event->seq, (long long)before->seq, (long long)(end - event->start));
    }
}

static int read_event(struct reader *reader)
{
    struct plan_event event = {.asset = ""};
    const int line = line_of(reader);
    const size_t errors = reader->problems->errors;
    int result = read_record(reader, event_fields, COUNT(event_fields), &event, _("the event"));
    if (result < 0) {
        return result;
    }
    if (reader->problems->errors == errors) {
        check_follows(reader, &event, line);
    }
    result = note_line(reader, line);
    if (result == 0) {
        result = plan_append_interned(reader->plan, &event);
    }
    return result;
}

static const struct field amendment_fields[] = {
    {"id", FIELD_INTEGER, AT(plan_amendment, id), true, 1, INT64_MAX, 0, NULL},
    {"kind", FIELD_TEXT, AT(plan_amendment, kind), true, 0, 0, 0, NULL},
    {"from", FIELD_INTEGER, AT(plan_amendment, from), true, 0, FRAME_MOST, 0, NULL},
    {"until", FIELD_UNTIL, AT(plan_amendment, until), true, 0, FRAME_MOST, 0, NULL},
    {"reason", FIELD_TEXT, AT(plan_amendment, reason), false, 0, 0, 0, NULL},
    {"author", FIELD_TEXT, AT(plan_amendment, author), false, 0, 0, 0, NULL},
};

static int read_amendment(struct reader *reader)
{
    struct plan_amendment amendment = {0};
    const int result = read_record(reader, amendment_fields, COUNT(amendment_fields), &amendment,
                                   _("the amendment"));
    return result < 0 ? result : plan_append_interned_amendment(reader->plan, &amendment);
}

static int read_filler(struct reader *reader)
{
    struct plan *plan = reader->plan;
    if (!is_scalar(reader)) {
        complain(reader, line_of(reader), _("a filler must be a SHA-256"));
        return skip_value(reader);
    }
    char(*grown)[SHA256_HEX_SIZE] =
        realloc(plan->fillers, (plan->filler_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return reader->result = -ENOMEM;
    }
    plan->fillers = grown;
    memset(grown[plan->filler_count], 0, SHA256_HEX_SIZE);
    read_hash(reader, "fillers", grown[plan->filler_count++]);
    return 0;
}

struct head {
    int64_t format;
    int64_t revision;
    int64_t effective;
    int64_t next_seq;
    const char *channel;
};

static const struct field plan_fields[] = {
    {"format", FIELD_INTEGER, AT(head, format), true, FORMAT_VERSION, FORMAT_VERSION, 0, NULL},
    {"channel", FIELD_TEXT, AT(head, channel), true, 0, 0, 0, NULL},
    {"revision", FIELD_INTEGER, AT(head, revision), true, 1, INT64_MAX, 0, NULL},
    {"effective", FIELD_INTEGER, AT(head, effective), true, 0, FRAME_MOST, 0, NULL},
    {"next_seq", FIELD_INTEGER, AT(head, next_seq), false, 1, INT64_MAX, 0, NULL},
    {"fillers", FIELD_LIST, 0, false, 0, 0, 0, read_filler},
    {"amendments", FIELD_LIST, 0, false, 0, 0, 0, read_amendment},
    {"events", FIELD_LIST, 0, true, 0, 0, 0, read_event},
};

struct numbered {
    int64_t seq;
    int line;
};

static int compare_numbers(const void *left, const void *right)
{
    const struct numbered *a = left;
    const struct numbered *b = right;
    if (a->seq != b->seq) {
        return a->seq < b->seq ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

/* A sequence number stands for one event for ever. */
static int check_numbers(struct reader *reader)
{
    const struct plan *plan = reader->plan;
    struct numbered *all = calloc(plan->event_count + 1, sizeof(*all));
    if (all == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < plan->event_count; i++) {
        all[i] = (struct numbered){plan->events[i].seq, reader->lines[i]};
    }
    qsort(all, plan->event_count, sizeof(*all), compare_numbers);
    for (size_t i = 1; i < plan->event_count; i++) {
        if (all[i].seq == all[i - 1].seq && all[i].seq != 0) {
            complain(reader, all[i].line, _("sequence number %lld was used in line %d already"),
                     (long long)all[i].seq, all[i - 1].line);
        }
    }
    free(all);
    return 0;
}

static int read_document(struct reader *reader)
{
    struct head head = {0};
    int result = 0;
    do { /* stream start, document start, and what the document is */
        result = next(reader);
    } while (result == 0 && (reader->event.type == YAML_STREAM_START_EVENT ||
                             reader->event.type == YAML_DOCUMENT_START_EVENT));
    if (result == 0) {
        result = read_record(reader, plan_fields, COUNT(plan_fields), &head, _("the plan"));
    }
    if (result == 0) {
        result = check_numbers(reader);
    }
    if (result < 0) {
        return result;
    }
    reader->plan->revision = head.revision;
    reader->plan->effective = head.effective;
    reader->plan->next_seq = head.next_seq;
    reader->plan->channel = strdup(head.channel != NULL ? head.channel : "");
    return reader->plan->channel != NULL ? 0 : -ENOMEM;
}

int plan_parse(const char *name, const void *bytes, size_t size, struct plan **plan,
               struct problems *problems)
{
    struct reader reader = {.name = name, .problems = problems, .errors_before = problems->errors};
    int result = 0;

    if (yaml_parser_initialize(&reader.parser) == 0) {
        return -ENOMEM;
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, bytes, size);
    reader.plan = plan_create();
    if (reader.plan == NULL) {
        result = -ENOMEM;
        goto cleanup;
    }
    result = read_document(&reader);
    if (result == 0 && problems->errors > reader.errors_before) {
        result = -EINVAL;
    }
    if (result == 0) {
        plan_trim(reader.plan);
        *plan = reader.plan;
        reader.plan = NULL;
    }

cleanup:
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    plan_destroy(reader.plan);
    free(reader.lines);
    return result;
}

int plan_load(const char *path, struct plan **plan, struct problems *problems)
{
    struct stat status;
    void *bytes = MAP_FAILED;
    int result = 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0) {
        result = -errno;
        goto cleanup;
    }
    if (!S_ISREG(status.st_mode)) {
        result = -EINVAL;
        problems_add(problems, PROBLEM_ERROR, path, 0, 0, _("this is not a file"));
        goto cleanup;
    }
    if (status.st_size == 0) {
        result = plan_parse(path, "", 0, plan, problems);
        goto cleanup;
    }
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        result = -errno;
        goto cleanup;
    }
    result = plan_parse(path, bytes, (size_t)status.st_size, plan, problems);

cleanup:
    if (bytes != MAP_FAILED) {
        munmap(bytes, (size_t)status.st_size);
    }
    if (fd >= 0) {
        close(fd);
    }
    return result;
}
