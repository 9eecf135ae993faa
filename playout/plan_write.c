/* SPDX-License-Identifier: MIT */
/*
 * plan_write: the writing side of plan.h.
 *
 * Writes YAML by hand: the shape is fixed, the comments matter, and the same
 * plan must give the same bytes for ever.
 */
#include "playout/durable.h"
#include "playout/plan.h"
#include "playout/station.h"
#include "playout/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Decodes one code point; returns its length in bytes, 0 when it is not UTF-8. */
static size_t decode(const char *text, uint32_t *code)
{
    const uint8_t first = (uint8_t)text[0];
    const size_t length = first < 0x80   ? 1
                          : first < 0xc2 ? 0
                          : first < 0xe0 ? 2
                          : first < 0xf0 ? 3
                          : first < 0xf5 ? 4
                                         : 0;
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t value = first & masks[length];
    for (size_t i = 1; i < length; i++) {
        if (((uint8_t)text[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | ((uint8_t)text[i] & 0x3f);
    }
    *code = value;
    return length;
}

/* Characters that a double-quoted scalar may hold as they are. */
static bool is_printable(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0x2028) ||
           (code > 0x2029 && code < 0xd800) || (code >= 0xe000 && code < 0xfeff) ||
           (code > 0xfeff && code < 0xfffe) || (code >= 0x10000 && code <= 0x10ffff);
}

/* Reads as itself without quotation marks, whoever parses it. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "open"};
    const uint8_t first = (uint8_t)text[0];
    const bool starts_plain = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') ||
                              first >= 0xe3; /* Chinese and beyond */
    if (!starts_plain || text[strlen(text) - 1] == ' ') {
        return false;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return false;
        }
    }
    for (const char *at = text; *at != '\0';) {
        uint32_t code = 0;
        const size_t length = decode(at, &code);
        const bool is_word = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
                             (code >= 'A' && code <= 'Z') || (code >= 0xa1 && is_printable(code));
        const bool is_colon = code == ':' && at[1] >= '0' && at[1] <= '9';
        if (length == 0 || (!is_word && !is_colon && strchr(" -_./()", (int)code) == NULL)) {
            return false;
        }
        at += length;
    }
    return true;
}

static void write_text(FILE *out, const char *text)
{
    if (is_plain(text)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *at = text; *at != '\0';) {
        uint32_t code = 0;
        const size_t length = decode(at, &code);
        if (length == 0 || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) {
            fputc('?', out); /* not UTF-8: never written by us, but never a broken plan */
            at++;
            continue;
        }
        if (code == '"' || code == '\\') {
            fprintf(out, "\\%c", (char)code);
        } else if (is_printable(code)) {
            fwrite(at, 1, length, out);
        } else {
            fprintf(out, "\\u%04X", (unsigned)code);
        }
        at += length;
    }
    fputc('"', out);
}

static void write_pair(FILE *out, const char *key, const char *text)
{
    if (text != NULL) {
        fprintf(out, "    %s: ", key);
        write_text(out, text);
        fputc('\n', out);
    }
}

static void write_switch(FILE *out, const char *key, bool value)
{
    if (value) {
        fprintf(out, "    %s: true\n", key);
    }
}

static void write_length(FILE *out, int64_t frames)
{
    const int64_t seconds = frames / FRAMES_PER_SECOND;
    fprintf(out, "%02" PRId64 ":%02d:%02d.%03d", seconds / 3600, (int)(seconds / 60 % 60),
            (int)(seconds % 60), (int)(frames % FRAMES_PER_SECOND) * (1000 / FRAMES_PER_SECOND));
}

static void write_event(FILE *out, const struct plan_event *event, const struct zone *zone)
{
    char time[ZONE_TEXT_SIZE];
    fprintf(out, "  - seq: %" PRId64 "\n", event->seq);
    fprintf(out, "    start: %" PRId64 "  # %s\n", event->start,
            zone_frame_text(zone, event->start, time));
    fprintf(out, "    duration: %" PRId64 "  # ", event->duration);
    write_length(out, event->duration);
    fprintf(out, "\n    kind: %s\n", event_kind_name(event->kind));
    write_pair(out, "live", event->live);
    write_switch(out, "fixed", event->is_fixed);
    fprintf(out, "    programme: %" PRId64 "\n", event->programme);
    write_pair(out, "house_number", event->house_number);
    if (event->asset[0] != '\0') {
        fprintf(out, "    asset: %s\n", event->asset);
    }
    if (event->in_point != 0) {
        fprintf(out, "    in_point: %" PRId64 "\n", event->in_point);
    }
    write_pair(out, "title", event->title);
    write_pair(out, "text", event->text);
    write_pair(out, "genre", event->genre);
    write_switch(out, "subtitles", event->has_subtitles);
    write_switch(out, "signed", event->is_signed);
    write_pair(out, "instead_of", event->instead_of);
    write_pair(out, "reason", event->reason);
    write_pair(out, "source", event->source);
    write_pair(out, "timetable_day", event->timetable_day);
    if (event->amendment != 0) {
        fprintf(out, "    amendment: %" PRId64 "\n", event->amendment);
    }
    if (event->item_of != 0) {
        fprintf(out, "    item_of: %" PRId64 "\n", event->item_of);
    }
}

static void write_until(FILE *out, const char *key, int64_t frame)
{
    if (frame == AMENDMENT_OPEN) {
        fprintf(out, "    %s: open\n", key);
    } else {
        fprintf(out, "    %s: %" PRId64 "\n", key, frame);
    }
}

static void write_amendment(FILE *out, const struct plan_amendment *amendment)
{
    fprintf(out, "  - id: %" PRId64 "\n", amendment->id);
    write_pair(out, "kind", amendment->kind);
    write_pair(out, "mode", amendment->mode);
    if (amendment->asked != 0) {
        fprintf(out, "    asked: %" PRId64 "\n", amendment->asked);
    }
    fprintf(out, "    from: %" PRId64 "\n", amendment->from);
    write_until(out, "until", amendment->until);
    if (amendment->over != 0 && amendment->over != amendment->until) {
        write_until(out, "over", amendment->over);
    }
    if (amendment->length != 0) {
        fprintf(out, "    length: %" PRId64 "\n", amendment->length);
    }
    write_pair(out, "house_number", amendment->house_number);
    write_pair(out, "asset", amendment->asset);
    write_pair(out, "live", amendment->live);
    write_pair(out, "title", amendment->title);
    write_switch(out, "undone", amendment->is_undone);
    write_pair(out, "reason", amendment->reason);
    write_pair(out, "author", amendment->author);
    write_pair(out, "end_reason", amendment->end_reason);
    write_pair(out, "end_author", amendment->end_author);
    if (amendment->end_order != 0) {
        fprintf(out, "    end_order: %" PRId64 "\n", amendment->end_order);
    }
    if (amendment->covered_by != 0) {
        fprintf(out, "    covered_by: %" PRId64 "\n", amendment->covered_by);
    }
    if (amendment->aired_until != 0) {
        fprintf(out, "    aired_from: %" PRId64 "\n    aired_until: %" PRId64 "\n",
                amendment->aired_from, amendment->aired_until);
    }
}

static void write_amendments(FILE *out, const struct plan *plan)
{
    if (plan->amendment_count == 0) {
        return;
    }
    fputs("amendments:\n", out);
    for (size_t i = 0; i < plan->amendment_count; i++) {
        write_amendment(out, &plan->amendments[i]);
    }
}

static void write_plan(FILE *out, const struct plan *plan, const struct zone *zone)
{
    char time[ZONE_TEXT_SIZE];
    fputs("# Ketang plan: written by the scheduler, never edited.\nformat: 1\nchannel: ", out);
    write_text(out, plan->channel);
    fprintf(out, "\nrevision: %" PRId64 "\n", plan->revision);
    fprintf(out, "effective: %" PRId64 "  # %s\n", plan->effective,
            zone_frame_text(zone, plan->effective, time));
    if (plan->next_seq > 0) {
        fprintf(out, "next_seq: %" PRId64 "\n", plan->next_seq);
    }
    fputs(plan->filler_count > 0 ? "fillers:\n" : "fillers: []\n", out);
    for (size_t i = 0; i < plan->filler_count; i++) {
        fprintf(out, "  - %s\n", plan->fillers[i]);
    }
    write_amendments(out, plan);
    fputs(plan->event_count > 0 ? "events:\n" : "events: []\n", out);
    for (size_t i = 0; i < plan->event_count; i++) {
        write_event(out, &plan->events[i], zone);
    }
}

int plan_save(const char *path, const struct plan *plan, const char *time_zone)
{
    struct zone *zone = NULL;
    char *temporary = NULL;
    FILE *out = NULL;
    int result = zone_open(time_zone, &zone);
    if (result < 0) {
        return result;
    }
    if (asprintf(&temporary, "%s.tmp", path) < 0) {
        temporary = NULL;
        result = -ENOMEM;
        goto cleanup;
    }
    out = fopen(temporary, "we");
    if (out == NULL) {
        result = -errno;
        goto cleanup;
    }
    write_plan(out, plan, zone);
    result = durable_flush(out);
    if (fclose(out) != 0 && result == 0) {
        result = -errno;
    }
    if (result == 0 && rename(temporary, path) < 0) {
        result = -errno;
    }
    if (result == 0) {
        result = durable_sync_folder(path);
    } else {
        unlink(temporary);
    }

cleanup:
    free(temporary);
    zone_close(zone);
    return result;
}
