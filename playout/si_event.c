/* SPDX-License-Identifier: MIT */
/* An event of EIT and its descriptors. */
#include "playout/si_inner.h"

#include <errno.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum {
    SHORT_EVENT_BYTES = 250, /* name and text together */
    EXTENDED_BYTES = 249,    /* text of one extended_event_descriptor */
    EXTENDED_MOST = 16,
    NOT_A_STREAM = 0xf, /* stream_content_ext where it has no meaning */
    TAIL_MOST = 128,
    COMPONENT_TEXT_BYTES = 24,
};

static const struct genre {
    const char *name;
    uint8_t content; /* nibbles of EN 300 468, table 29 */
} GENRES[] = {
    [GENRE_EDUCATION] = {"education", 0x90}, [GENRE_NATURE] = {"nature", 0x91},
    [GENRE_SCIENCE] = {"science", 0x92},     [GENRE_SOCIETY] = {"society", 0x95},
    [GENRE_FURTHER] = {"further", 0x96},     [GENRE_LANGUAGES] = {"languages", 0x97},
    [GENRE_CHILDREN] = {"children", 0x54},
};

const char *si_genre_name(enum si_genre genre)
{
    return GENRES[genre].name;
}

int si_genre_parse(const char *name, enum si_genre *genre)
{
    for (size_t i = 0; i < sizeof(GENRES) / sizeof(GENRES[0]); i++) {
        if (strcmp(name, GENRES[i].name) == 0) {
            *genre = (enum si_genre)i;
            return 0;
        }
    }
    return -EINVAL;
}

/* --- Components ------------------------------------------------------------- */

struct component {
    uint8_t content_ext;
    uint8_t content;
    uint8_t type;
    uint8_t tag;
    const char *text; /* NULL: none */
};

/* EN 300 468, table 26. */
static struct component video_component(const struct video_profile *video)
{
    struct component component = {.content_ext = NOT_A_STREAM, .tag = TAG_VIDEO};
    if (video->codec == VIDEO_HEVC) {
        component.content_ext = 0;
        component.content = 9;
        component.type = video->height > 1080 ? 0x04 : 0x01; /* of Main 10 */
        return component;
    }
    component.content = video->codec == VIDEO_MPEG2 ? 1 : 5;
    component.type = si_is_hd(video) ? 0x0b : si_is_wide(video) ? 0x03 : 0x01;
    return component;
}

static struct component audio_component(const struct audio_profile *audio)
{
    static const struct component COMPONENTS[] = {
        [AUDIO_MP2] = {NOT_A_STREAM, 2, 0x03, TAG_AUDIO, NULL},
        [AUDIO_AAC] = {NOT_A_STREAM, 6, 0x03, TAG_AUDIO, NULL},
        [AUDIO_AC3] = {NOT_A_STREAM, 4, 0x42, TAG_AUDIO, NULL},
    };
    return COMPONENTS[audio->codec];
}

static uint8_t *put_component(uint8_t *out, struct si_text *text, const struct network *network,
                              const struct component *component)
{
    struct si_coded coded = si_text_code(text, component->text);
    desc50_init(out);
    out[2] = (uint8_t)(component->content_ext << 4 | component->content);
    desc50_set_component_type(out, component->type);
    desc50_set_component_tag(out, component->tag);
    desc50_set_language(out, (const uint8_t *)network->language);
    const size_t size = si_text_take(text, &coded, COMPONENT_TEXT_BYTES, out + DESC50_HEADER_SIZE);
    desc_set_length(out, (uint8_t)(DESC50_HEADER_SIZE - DESC_HEADER_SIZE + size));
    return out + DESC50_HEADER_SIZE + size;
}

/*
 * Table 26 has no code for subtitles that are part of the picture: the text of
 * the picture's component says so.
 */
static uint8_t *put_components(uint8_t *out, const struct si_eit *eit, struct si_text *text,
                               const struct si_event *event)
{
    const struct network *network = &eit->station->network;
    const struct profile *profile = eit->service->profile;
    const bool is_schedule = eit->table_id >= EIT_TABLE_ID_SCHED_ACTUAL_FIRST;
    if (!is_schedule || event->has_subtitles) {
        struct component video = video_component(&profile->video);
        video.text = event->has_subtitles ? "字幕" : NULL;
        out = put_component(out, text, network, &video);
    }
    if (!is_schedule) {
        const struct component audio = audio_component(&profile->audio);
        out = put_component(out, text, network, &audio);
    }
    if (event->is_signed) {
        const struct component sign = {NOT_A_STREAM, 3, 0x30, TAG_VIDEO, "手语"};
        out = put_component(out, text, network, &sign);
    }
    return out;
}

/* --- The other descriptors -------------------------------------------------- */

static uint8_t *put_content(uint8_t *out, enum si_genre genre)
{
    desc54_init(out);
    desc_set_length(out, DESC54_CONTENT_SIZE);
    out[2] = GENRES[genre].content;
    out[3] = 0;
    return out + DESC54_HEADER_SIZE + DESC54_CONTENT_SIZE;
}

static uint8_t *put_parental(uint8_t *out, const struct network *network, int age)
{
    if (age == 0) {
        return out;
    }
    desc55_init(out);
    desc_set_length(out, DESC55_RATING_SIZE);
    desc55n_set_country_code(out + DESC55_HEADER_SIZE, (const uint8_t *)network->country);
    desc55n_set_rating(out + DESC55_HEADER_SIZE, (uint8_t)(age - 3));
    return out + DESC55_HEADER_SIZE + DESC55_RATING_SIZE;
}

/* What follows the texts. */
static size_t write_tail(uint8_t *out, const struct si_eit *eit, struct si_text *text,
                         const struct si_event *event)
{
    uint8_t *end = put_components(out, eit, text, event);
    end = put_content(end, event->genre);
    end = put_parental(end, &eit->station->network, eit->service->parental_age);
    return (size_t)(end - out);
}

/*
 * Name and text; what of the text does not fit stays in *rest.  Returns the
 * bytes, or 0 when there is no room.
 */
static size_t put_short_event(uint8_t *out, const struct si_eit *eit, struct si_text *text,
                              const struct si_event *event, enum si_detail detail, size_t room,
                              struct si_coded *rest)
{
    enum { FIXED = DESC4D_HEADER_SIZE + 2 };
    const size_t name_most = detail == SI_DETAIL_SHORT_NAME ? SI_SHORT_NAME_BYTES : SI_NAME_BYTES;
    struct si_coded name = si_text_code(text, event->title);
    if (room < FIXED + name_most) {
        return 0;
    }
    desc_set_tag(out, 0x4d);
    memcpy(out + DESC_HEADER_SIZE, eit->station->network.language, 3);
    uint8_t *name_length = out + DESC4D_HEADER_SIZE;
    *name_length = (uint8_t)si_text_take(text, &name, name_most, name_length + 1);

    const size_t left = room - FIXED - *name_length;
    const size_t most = SHORT_EVENT_BYTES - *name_length;
    uint8_t *text_length = name_length + 1 + *name_length;
    *rest = si_text_code(text, detail < SI_DETAIL_NAME ? event->text : NULL);
    *text_length = (uint8_t)si_text_take(text, rest, left < most ? left : most, text_length + 1);
    const size_t size = (size_t)(text_length + 1 + *text_length - out);
    desc_set_length(out, (uint8_t)(size - DESC_HEADER_SIZE));
    return size;
}

/* The rest of the text, as far as there is room. */
static size_t put_extended(uint8_t *out, const struct si_eit *eit, const struct si_text *text,
                           struct si_coded *rest, size_t room)
{
    enum { FIXED = DESC4E_HEADER_SIZE + 2 };
    uint8_t *parts[EXTENDED_MOST];
    uint8_t *end = out;
    int count = 0;
    while (rest->size > 0 && count < EXTENDED_MOST && room > FIXED) {
        const size_t most = room - FIXED < EXTENDED_BYTES ? room - FIXED : EXTENDED_BYTES;
        uint8_t *text_length = end + DESC4E_HEADER_SIZE + 1;
        text_length[-1] = 0; /* no items */
        *text_length = (uint8_t)si_text_take(text, rest, most, text_length + 1);
        if (*text_length == 0) {
            break;
        }
        desc4e_init(end);
        memcpy(end + 3, eit->station->network.language, 3);
        desc_set_length(end, (uint8_t)(FIXED - DESC_HEADER_SIZE + *text_length));
        parts[count++] = end;
        room -= (size_t)FIXED + *text_length;
        end += (size_t)FIXED + *text_length;
    }
    for (int i = 0; i < count; i++) {
        parts[i][2] = (uint8_t)(i << 4 | (count - 1)); /* descriptor_number, last */
    }
    return (size_t)(end - out);
}

size_t si_eit_event(const struct si_eit *eit, struct si_text *text, const struct si_event *event,
                    enum si_detail detail, uint8_t *out, size_t room)
{
    uint8_t tail[TAIL_MOST];
    const size_t tail_size = write_tail(tail, eit, text, event);
    const size_t fixed = EIT_EVENT_SIZE + tail_size;
    struct si_coded rest = {NULL, 0};
    if (room > SI_EVENT_MAX) {
        room = SI_EVENT_MAX;
    }
    const size_t short_size = room < fixed ? 0
                                           : put_short_event(out + EIT_EVENT_SIZE, eit, text, event,
                                                             detail, room - fixed, &rest);
    if (short_size == 0) {
        return 0;
    }
    uint8_t *end = out + EIT_EVENT_SIZE + short_size;
    if (detail == SI_DETAIL_FULL) {
        end += put_extended(end, eit, text, &rest, room - fixed - short_size);
    }
    memcpy(end, tail, tail_size);
    end += tail_size;
    eitn_init(out);
    eitn_set_event_id(out, event->event_id);
    eitn_set_start_time(out, si_utc(event->start_s));
    eitn_set_duration_bcd(out, si_duration(event->duration_s));
    eitn_set_running(out, 0); /* not told: present and following tell */
    eitn_set_desclength(out, (uint16_t)(end - out - EIT_EVENT_SIZE));
    return (size_t)(end - out);
}
