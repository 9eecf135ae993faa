/* SPDX-License-Identifier: MIT */
#include "tools/meter/si_descriptors.h"

#include "tools/meter/si_fields.h"

#include <ctype.h>
#include <stddef.h>

enum {
    LENGTH_MAX = 255,
    ANYWHERE = IN_PROGRAMME | IN_STREAM | IN_CAT | IN_NETWORK | IN_TRANSPORT | IN_BOUQUET |
               IN_SERVICE | IN_EVENT | IN_TIME,
    OFFSET_MAX = 12 * 60, /* minutes that local time may be off UTC; fewer than 13 hours */
    MODULATIONS = 5,
};

/* One descriptor: its body, and how to speak of it. */
struct descriptor {
    const struct si_context *context;
    int tag;
    const uint8_t *body;
    int length;
};

static void wrong(const struct descriptor *d, enum ts_kind kind, const char *what, int value)
{
    const struct section *section = d->context->section;
    ts_report_problem(d->context->report, kind, section->packet, section->pid,
                      "table_id 0x%02x, descriptor 0x%02x: %s (%d)",
                      (unsigned)section_table_id(section), (unsigned)d->tag, what, value);
}

static void content(const struct descriptor *d, bool is_right, const char *what, int value)
{
    if (!is_right) {
        wrong(d, TS_SI_CONTENT, what, value);
    }
}

static void reserved(const struct descriptor *d, bool is_right, int value)
{
    if (!is_right) {
        wrong(d, TS_SECTION_RESERVED, "reserved bits", value);
    }
}

static void judge_text(const struct descriptor *d, const uint8_t *bytes, int size)
{
    char utf8[DVB_TEXT_ROOM];
    if (d->context->text != NULL) {
        content(d, dvb_text_decode(d->context->text, bytes, size, utf8),
                "text that its character table does not have", size);
    }
}

static void judge_letters(const struct descriptor *d, const uint8_t *code, const char *what)
{
    content(d, isalpha(code[0]) && isalpha(code[1]) && isalpha(code[2]), what, code[0]);
}

/* A text with its length before it; returns what follows, NULL when it does not fit. */
static const uint8_t *take_text(const struct descriptor *d, const uint8_t *bytes,
                                const uint8_t *end)
{
    if (bytes >= end || bytes + 1 + bytes[0] > end) {
        content(d, false, "a text longer than its descriptor", d->length);
        return NULL;
    }
    judge_text(d, bytes + 1, bytes[0]);
    return bytes + 1 + bytes[0];
}

/* Two texts behind each other, and nothing else. */
static void judge_two_texts(const struct descriptor *d, int at)
{
    const uint8_t *end = d->body + d->length;
    const uint8_t *bytes = take_text(d, d->body + at, end);
    bytes = bytes != NULL ? take_text(d, bytes, end) : end;
    content(d, bytes == NULL || bytes == end, "bytes after the last text", d->length);
}

static void judge_name(const struct descriptor *d)
{
    judge_text(d, d->body, d->length);
}

static void judge_alignment(const struct descriptor *d)
{
    content(d, d->body[0] >= 1 && d->body[0] <= 4, "alignment_type", d->body[0]);
}

static void judge_ca(const struct descriptor *d)
{
    reserved(d, (d->body[2] & 0xe0) == 0xe0, d->body[2]);
}

static void judge_languages(const struct descriptor *d)
{
    for (int at = 0; at + 4 <= d->length; at += 4) {
        judge_letters(d, d->body + at, "no ISO 639 language code");
        content(d, d->body[at + 3] <= 3 || d->body[at + 3] >= 0x80, "audio_type", d->body[at + 3]);
    }
}

static void judge_avc_video(const struct descriptor *d)
{
    reserved(d, (d->body[3] & 0x1f) == 0x1f, d->body[3]);
}

static void judge_avc_timing(const struct descriptor *d)
{
    const bool has_info = (d->body[0] & 1) != 0;
    const bool is_90khz = has_info && (d->body[1] & 0x80) != 0;
    const int size = !has_info ? 2 : is_90khz ? 7 : 15;
    content(d, d->length == size, "length against its flags", d->length);
    reserved(d,
             (d->body[0] & 0x7e) == 0x7e && (!has_info || (d->body[1] & 0x7f) == 0x7f) &&
                 (d->length != size || (d->body[size - 1] & 0x1f) == 0x1f),
             d->body[0]);
}

static void judge_hevc_video(const struct descriptor *d)
{
    const bool has_layers = (d->body[12] & 0x80) != 0;
    content(d, d->length == (has_layers ? 15 : 13), "length against its flags", d->length);
}

static void judge_service_list(const struct descriptor *d)
{
    for (int at = 0; at + 3 <= d->length; at += 3) {
        content(d, d->body[at + 2] != 0, "service_type", d->body[at + 2]);
    }
}

static void judge_cable(const struct descriptor *d)
{
    const uint8_t *body = d->body;
    content(d, dvb_bcd(body, 8) > 0, "frequency is no BCD", body[0]);
    content(d, dvb_bcd(body + 7, 7) > 0, "symbol_rate is no BCD", body[7]);
    reserved(d, body[4] == 0xff && (body[5] & 0xf0) == 0xf0, body[4]);
    content(d, (body[5] & 0x0f) == 2, "FEC_outer is not RS(204,188)", body[5] & 0x0f);
    content(d, body[6] >= 1 && body[6] <= MODULATIONS, "modulation", body[6]);
    content(d, (body[10] & 0x0f) == 0x0f || (body[10] & 0x0f) == 0, "FEC_inner in a cable",
            body[10] & 0x0f);
}

static void judge_service(const struct descriptor *d)
{
    content(d, d->body[0] != 0 && d->body[0] != 0xff, "service_type", d->body[0]);
    judge_two_texts(d, 1);
}

static void judge_short_event(const struct descriptor *d)
{
    judge_letters(d, d->body, "no ISO 639 language code");
    judge_two_texts(d, 3);
}

static void judge_extended_event(const struct descriptor *d)
{
    const uint8_t *end = d->body + d->length;
    const uint8_t *at = d->body + 5;
    const uint8_t *items_end = at + d->body[4];
    content(d, d->body[0] >> 4 <= (d->body[0] & 0x0f), "descriptor_number above the last",
            d->body[0]);
    judge_letters(d, d->body + 1, "no ISO 639 language code");
    if (items_end >= end) {
        content(d, false, "length_of_items", d->body[4]);
        return;
    }
    while (at != NULL && at < items_end) {
        at = take_text(d, at, items_end);
        at = at != NULL ? take_text(d, at, items_end) : NULL;
    }
    at = take_text(d, items_end, end);
    content(d, at == NULL || at == end, "bytes after the text", d->length);
}

static void judge_component(const struct descriptor *d)
{
    judge_letters(d, d->body + 3, "no ISO 639 language code");
    judge_text(d, d->body + 6, d->length - 6);
}

static void judge_content(const struct descriptor *d)
{
    for (int at = 0; at + 2 <= d->length; at += 2) {
        const int genre = d->body[at] >> 4;
        content(d, genre <= 0x0b || genre == 0x0f, "content_nibble_level_1", genre);
    }
}

static void judge_parental(const struct descriptor *d)
{
    for (int at = 0; at + 4 <= d->length; at += 4) {
        judge_letters(d, d->body + at, "no ISO 3166 country code");
    }
}

static bool is_offset(const uint8_t *bytes)
{
    const int64_t hours = dvb_bcd(bytes, 2);
    const int64_t minutes = dvb_bcd(bytes + 1, 2);
    return hours >= 0 && minutes >= 0 && minutes < 60 && hours * 60 + minutes <= OFFSET_MAX;
}

static void judge_local_time(const struct descriptor *d)
{
    for (int at = 0; at + 13 <= d->length; at += 13) {
        const uint8_t *entry = d->body + at;
        judge_letters(d, entry, "no ISO 3166 country code");
        reserved(d, (entry[3] & 0x02) != 0, entry[3]);
        content(d, is_offset(entry + 4), "local_time_offset", entry[4]);
        content(d, dvb_utc(entry + 6) >= 0, "time_of_change", entry[6]);
        content(d, is_offset(entry + 11), "next_time_offset", entry[11]);
    }
}

static void judge_ac3(const struct descriptor *d)
{
    int wanted = 1;
    for (int bit = 0x80; bit >= 0x10; bit >>= 1) {
        wanted += (d->body[0] & bit) != 0 ? 1 : 0;
    }
    content(d, d->length >= wanted, "shorter than its flags say", d->length);
}

static void judge_channel_numbers(const struct descriptor *d)
{
    for (int at = 0; at + 4 <= d->length; at += 4) {
        for (int other = 0; other < at; other += 4) {
            const int id = si_be16(d->body + at);
            content(d, id != si_be16(d->body + other), "a service numbered twice", id);
        }
    }
}

/* What is known of a tag; the body's length is a multiple of `step` bytes. */
static const struct rule {
    int tag;
    int where;
    int least;
    int most;
    int step;
    void (*judge)(const struct descriptor *d);
} RULES[] = {
    {DESCRIPTOR_REGISTRATION, IN_PROGRAMME | IN_STREAM, 4, LENGTH_MAX, 1, NULL},
    {DESCRIPTOR_ALIGNMENT, IN_STREAM, 1, 1, 1, judge_alignment},
    {DESCRIPTOR_CA, IN_PROGRAMME | IN_STREAM | IN_CAT, 4, LENGTH_MAX, 1, judge_ca},
    {DESCRIPTOR_LANGUAGE, IN_PROGRAMME | IN_STREAM, 4, LENGTH_MAX, 4, judge_languages},
    {DESCRIPTOR_AVC_VIDEO, IN_STREAM, 4, 4, 1, judge_avc_video},
    {DESCRIPTOR_AVC_TIMING, IN_STREAM, 2, 15, 1, judge_avc_timing},
    {DESCRIPTOR_HEVC_VIDEO, IN_STREAM, 13, 15, 1, judge_hevc_video},
    {DESCRIPTOR_NETWORK_NAME, IN_NETWORK, 0, LENGTH_MAX, 1, judge_name},
    {DESCRIPTOR_SERVICE_LIST, IN_TRANSPORT, 0, LENGTH_MAX, 3, judge_service_list},
    {DESCRIPTOR_CABLE, IN_TRANSPORT, 11, 11, 1, judge_cable},
    {DESCRIPTOR_BOUQUET_NAME, IN_BOUQUET | IN_SERVICE, 0, LENGTH_MAX, 1, judge_name},
    {DESCRIPTOR_SERVICE, IN_SERVICE, 3, LENGTH_MAX, 1, judge_service},
    {DESCRIPTOR_LINKAGE, IN_NETWORK | IN_TRANSPORT | IN_BOUQUET | IN_SERVICE | IN_EVENT, 7,
     LENGTH_MAX, 1, NULL},
    {DESCRIPTOR_SHORT_EVENT, IN_EVENT, 5, LENGTH_MAX, 1, judge_short_event},
    {DESCRIPTOR_EXTENDED_EVENT, IN_EVENT, 6, LENGTH_MAX, 1, judge_extended_event},
    {DESCRIPTOR_COMPONENT, IN_EVENT | IN_SERVICE, 6, LENGTH_MAX, 1, judge_component},
    {DESCRIPTOR_STREAM_IDENTIFIER, IN_STREAM, 1, 1, 1, NULL},
    {DESCRIPTOR_CONTENT, IN_EVENT, 0, LENGTH_MAX, 2, judge_content},
    {DESCRIPTOR_PARENTAL, IN_EVENT | IN_SERVICE, 0, LENGTH_MAX, 4, judge_parental},
    {DESCRIPTOR_TELETEXT, IN_STREAM, 0, LENGTH_MAX, 5, NULL},
    {DESCRIPTOR_LOCAL_TIME, IN_TIME, 0, LENGTH_MAX, 13, judge_local_time},
    {DESCRIPTOR_SUBTITLING, IN_STREAM, 0, LENGTH_MAX, 8, NULL},
    {DESCRIPTOR_PRIVATE_DATA, ANYWHERE & ~IN_TIME, 4, 4, 1, NULL},
    {DESCRIPTOR_AC3, IN_STREAM, 1, LENGTH_MAX, 1, judge_ac3},
    {DESCRIPTOR_EAC3, IN_STREAM, 1, LENGTH_MAX, 1, NULL},
    {DESCRIPTOR_AAC, IN_STREAM, 1, LENGTH_MAX, 1, NULL},
    {DESCRIPTOR_CHANNEL_NUMBERS, IN_TRANSPORT, 0, LENGTH_MAX, 4, judge_channel_numbers},
};

static void judge_one(const struct si_context *context, enum si_place place, const uint8_t *bytes)
{
    const struct descriptor d = {context, bytes[0], bytes + 2, bytes[1]};
    for (size_t i = 0; i < sizeof(RULES) / sizeof(RULES[0]); i++) {
        const struct rule *rule = &RULES[i];
        if (rule->tag != d.tag) {
            continue;
        }
        if ((rule->where & (int)place) == 0) {
            wrong(&d, TS_SI_CONTENT, "does not belong in this loop", d.length);
        } else if (d.length < rule->least || d.length > rule->most || d.length % rule->step != 0) {
            wrong(&d, TS_SI_CONTENT, "descriptor_length", d.length);
        } else if (rule->judge != NULL) {
            rule->judge(&d);
        }
    }
}

bool si_descriptors_fit(const uint8_t *bytes, int size)
{
    int at = 0;
    while (at + 2 <= size) {
        at += 2 + bytes[at + 1];
    }
    return at == size;
}

bool si_judge_descriptors(const struct si_context *context, enum si_place place,
                          const uint8_t *bytes, int size)
{
    if (!si_descriptors_fit(bytes, size)) {
        ts_report_problem(context->report, TS_SECTION_SYNTAX, context->section->packet,
                          context->section->pid,
                          "table_id 0x%02x: descriptors do not come out even (%d)",
                          (unsigned)section_table_id(context->section), size);
        return false;
    }
    for (int at = 0; at < size; at += 2 + bytes[at + 1]) {
        judge_one(context, place, bytes + at);
    }
    return true;
}

const uint8_t *si_find_descriptor(const uint8_t *bytes, int size, int tag, const uint8_t *from)
{
    const uint8_t *at = from != NULL ? from : bytes;
    while (at + 2 <= bytes + size && at + 2 + at[1] <= bytes + size) {
        if (at[0] == tag) {
            return at;
        }
        at += 2 + at[1];
    }
    return NULL;
}
