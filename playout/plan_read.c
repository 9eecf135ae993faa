/* SPDX-License-Identifier: MIT */
/*
 * plan_read: the reading side of plan.h: which records a plan has, and what
 * must be true of them.
 */
#include "playout/intl.h"
#include "playout/plan.h"
#include "playout/plan_reader.h"
#include "playout/plan_store.h"
#include "playout/station.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT_VERSION = 1 };

/* The year 9999, in frames: K x frame then stays far below 2^63. */
#define FRAME_MOST ((int64_t)253402300800 * FRAMES_PER_SECOND)
/* A century: the slate of a station that was switched off for years is one event. */
#define DURATION_MOST ((int64_t)36525 * 86400 * FRAMES_PER_SECOND)

#define COUNT(array)     (sizeof(array) / sizeof((array)[0]))
#define AT(type, member) offsetof(struct type, member)

static const struct plan_field event_fields[] = {
    {"seq", FIELD_INTEGER, AT(plan_event, seq), true, 1, INT64_MAX, 0, NULL},
    {"start", FIELD_INTEGER, AT(plan_event, start), true, 0, FRAME_MOST, 0, NULL},
    {"duration", FIELD_INTEGER, AT(plan_event, duration), true, EVENT_MIN_FRAMES, DURATION_MOST, 0,
     NULL},
    {"in_point", FIELD_INTEGER, AT(plan_event, in_point), false, 0, DURATION_MOST, GOP_FRAMES,
     NULL},
    {"programme", FIELD_INTEGER, AT(plan_event, programme), true, 1, INT64_MAX, 0, NULL},
    {"kind", FIELD_KIND, AT(plan_event, kind), true, 0, 0, 0, NULL},
    {"live", FIELD_TEXT, AT(plan_event, live), false, 0, 0, 0, NULL},
    {"fixed", FIELD_SWITCH, AT(plan_event, is_fixed), false, 0, 0, 0, NULL},
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
    {"timetable_day", FIELD_TEXT, AT(plan_event, timetable_day), false, 0, 0, 0, NULL},
    {"amendment", FIELD_INTEGER, AT(plan_event, amendment), false, 1, INT64_MAX, 0, NULL},
    {"item_of", FIELD_INTEGER, AT(plan_event, item_of), false, 1, INT64_MAX, 0, NULL},
};

static int note_line(struct plan_reader *reader, int line)
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

static void check_follows(struct plan_reader *reader, const struct plan_event *event, int line)
{
    const struct plan *plan = reader->plan;
    if (plan->event_count == 0) {
        return;
    }
    const struct plan_event *before = &plan->events[plan->event_count - 1];
    const int64_t end = before->start + before->duration;
    if (event->start > end) {
        plan_reader_complain(reader, line, _("a gap of %lld frames before event %lld"),
                             (long long)(event->start - end), (long long)event->seq);
    } else if (event->start < end) {
        plan_reader_complain(reader, line, _("event %lld overlaps event %lld by %lld frames"),
                             (long long)event->seq, (long long)before->seq,
                             (long long)(end - event->start));
    }
}

static int read_event(struct plan_reader *reader)
{
    struct plan_event event = {.asset = ""};
    const int line = plan_reader_line(reader);
    const size_t errors = reader->problems->errors;
    int result =
        plan_reader_record(reader, event_fields, COUNT(event_fields), &event, _("the event"));
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

static const struct plan_field amendment_fields[] = {
    {"id", FIELD_INTEGER, AT(plan_amendment, id), true, 1, INT64_MAX, 0, NULL},
    {"kind", FIELD_TEXT, AT(plan_amendment, kind), true, 0, 0, 0, NULL},
    {"asked", FIELD_INTEGER, AT(plan_amendment, asked), false, 0, FRAME_MOST, 0, NULL},
    {"from", FIELD_INTEGER, AT(plan_amendment, from), true, 0, FRAME_MOST, 0, NULL},
    {"until", FIELD_UNTIL, AT(plan_amendment, until), true, 0, FRAME_MOST, 0, NULL},
    {"over", FIELD_UNTIL, AT(plan_amendment, over), false, 0, FRAME_MOST, 0, NULL},
    {"length", FIELD_INTEGER, AT(plan_amendment, length), false, 1, DURATION_MOST, 0, NULL},
    {"mode", FIELD_TEXT, AT(plan_amendment, mode), false, 0, 0, 0, NULL},
    {"house_number", FIELD_TEXT, AT(plan_amendment, house_number), false, 0, 0, 0, NULL},
    {"asset", FIELD_HASH, AT(plan_amendment, asset), false, 0, 0, 0, NULL},
    {"live", FIELD_TEXT, AT(plan_amendment, live), false, 0, 0, 0, NULL},
    {"title", FIELD_TEXT, AT(plan_amendment, title), false, 0, 0, 0, NULL},
    {"undone", FIELD_SWITCH, AT(plan_amendment, is_undone), false, 0, 0, 0, NULL},
    {"reason", FIELD_TEXT, AT(plan_amendment, reason), false, 0, 0, 0, NULL},
    {"author", FIELD_TEXT, AT(plan_amendment, author), false, 0, 0, 0, NULL},
    {"end_reason", FIELD_TEXT, AT(plan_amendment, end_reason), false, 0, 0, 0, NULL},
    {"end_author", FIELD_TEXT, AT(plan_amendment, end_author), false, 0, 0, 0, NULL},
    {"end_order", FIELD_INTEGER, AT(plan_amendment, end_order), false, 1, INT64_MAX, 0, NULL},
    {"covered_by", FIELD_INTEGER, AT(plan_amendment, covered_by), false, 1, INT64_MAX, 0, NULL},
    {"aired_from", FIELD_INTEGER, AT(plan_amendment, aired_from), false, 0, FRAME_MOST, 0, NULL},
    {"aired_until", FIELD_INTEGER, AT(plan_amendment, aired_until), false, 1, FRAME_MOST, 0, NULL},
};

static int read_amendment(struct plan_reader *reader)
{
    struct plan_amendment amendment = {0};
    const int result = plan_reader_record(reader, amendment_fields, COUNT(amendment_fields),
                                          &amendment, _("the amendment"));
    return result < 0 ? result : plan_append_interned_amendment(reader->plan, &amendment);
}

static int read_filler(struct plan_reader *reader)
{
    struct plan *plan = reader->plan;
    if (!plan_reader_is_scalar(reader)) {
        plan_reader_complain(reader, plan_reader_line(reader), _("a filler must be a SHA-256"));
        return plan_reader_skip_value(reader);
    }
    char(*grown)[SHA256_HEX_SIZE] =
        realloc(plan->fillers, (plan->filler_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return reader->result = -ENOMEM;
    }
    plan->fillers = grown;
    memset(grown[plan->filler_count], 0, SHA256_HEX_SIZE);
    plan_reader_hash(reader, "fillers", grown[plan->filler_count++]);
    return 0;
}

struct head {
    int64_t format;
    int64_t revision;
    int64_t effective;
    int64_t next_seq;
    const char *channel;
};

static const struct plan_field plan_fields[] = {
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
static int check_numbers(struct plan_reader *reader)
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
            plan_reader_complain(reader, all[i].line,
                                 _("sequence number %lld was used in line %d already"),
                                 (long long)all[i].seq, all[i - 1].line);
        }
    }
    free(all);
    return 0;
}

static int read_document(struct plan_reader *reader)
{
    struct head head = {0};
    int result = 0;
    do { /* stream start, document start, and what the document is */
        result = plan_reader_next(reader);
    } while (result == 0 && (reader->event.type == YAML_STREAM_START_EVENT ||
                             reader->event.type == YAML_DOCUMENT_START_EVENT));
    if (result == 0) {
        result = plan_reader_record(reader, plan_fields, COUNT(plan_fields), &head, _("the plan"));
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
    struct plan_reader reader;
    int result = plan_reader_init(&reader, name, bytes, size, problems);
    if (result < 0) {
        return result;
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
    plan_reader_finish(&reader);
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
