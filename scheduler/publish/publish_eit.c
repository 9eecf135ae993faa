/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_eit.h"

#include "playout/eit_schedule.h"

#include <bitstream/dvb/si.h>
#include <nettle/sha2.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    PACKET_SIZE = 188,
    CC_MODULO = 16,
    VERSION_MODULO = 32,
    FRAMES_PER_DAY = EIT_DAY_S * FRAMES_PER_SECOND,
};

/* --- Time lines -------------------------------------------------------------------------- */

/* EIT tells of events, not of media: the slate has some length, the others none. */
static int64_t no_length(const struct media_lengths *self, const char *sha256)
{
    (void)self;
    return sha256[0] == '\0' ? GOP_FRAMES : 0;
}

struct timeline *publish_timeline(struct plan *plan)
{
    static const struct media_lengths lengths = {no_length};
    return timeline_create(plan, &lengths);
}

static void digest_text(struct sha256_ctx *context, const char *text)
{
    const char *whole = text != NULL ? text : "";
    sha256_update(context, strlen(whole) + 1, (const uint8_t *)whole);
}

/* event_ids do not count: what is told is the same. */
static void digest_event(struct sha256_ctx *context, const struct si_event *event)
{
    char numbers[96];
    snprintf(numbers, sizeof(numbers), "%" PRId64 " %" PRId64 " %d %d %d", event->start_s / 60,
             event->duration_s / 60, (int)event->genre, event->has_subtitles, event->is_signed);
    digest_text(context, numbers);
    digest_text(context, event->title);
    digest_text(context, event->text);
}

void publish_eit_digest(struct timeline *const *timelines, size_t count,
                        char digest[PUBLISH_DIGEST_SIZE])
{
    struct sha256_ctx context;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        size_t end = 0;
        for (int64_t n = 0;
             timelines[i] != NULL && timeline_programme_events(timelines[i], n, &first, &end);
             n++) {
            struct si_event event;
            if (si_event_of_programme(timelines[i], n, &event)) {
                digest_event(&context, &event);
            }
        }
        digest_text(&context, ""); /* the end of a channel */
    }
    sha256_digest(&context, sizeof(bytes), bytes);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        snprintf(digest + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* --- Sections and packets ------------------------------------------------------------------ */

struct player {
    const struct eit_files *files;
    uint64_t packets;
    uint64_t bytes;
};

static void put_packet(struct player *player, const uint8_t *section, size_t size, int index)
{
    uint8_t packet[PACKET_SIZE];
    si_packet(packet, PID_EIT, (uint8_t)(player->packets % CC_MODULO), section, size, index);
    fwrite(packet, 1, sizeof(packet), player->files->packets);
    player->packets++;
}

static void put_section(struct player *player, const uint8_t *section, size_t size)
{
    fwrite(section, 1, size, player->files->sections);
    player->bytes += size;
    for (int i = 0; i < si_packets(size); i++) {
        put_packet(player, section, size, i);
    }
}

/* Stuffing up to a whole round of continuity counters. */
static void fill_round(struct player *player)
{
    while (player->packets % CC_MODULO != 0) {
        put_packet(player, NULL, 0, 1);
    }
}

static int result_of(const struct eit_files *files)
{
    const bool has_failed = ferror(files->sections) || ferror(files->packets) ||
                            (files->index != NULL && ferror(files->index));
    return has_failed ? -EIO : 0;
}

/* --- Schedule ------------------------------------------------------------------------------- */

/* In the fullest detail for which its segments have room. */
static int write_set(const struct publish_guide *guide, struct si_text *text,
                     const struct eit_source *source, int64_t day, struct eit_set *set)
{
    struct eit_extent extent = {.day = day,
                                .days = guide->station->network.eit_days,
                                .sections = EIT_SECTIONS_PER_SEGMENT,
                                .size_max = SI_EIT_SECTION_MAX};
    int result = 0;
    for (int detail = SI_DETAIL_FULL; detail <= SI_DETAIL_SHORT_NAME; detail++) {
        extent.detail = detail;
        result = eit_set_write(set, guide->station, text, source, &extent);
        if (result < 0 || set->left_out == 0) {
            break;
        }
    }
    return result;
}

int publish_eit_schedule(const struct publish_guide *guide, int64_t day,
                         const struct eit_files *files)
{
    struct player player = {.files = files};
    struct eit_set set = {0};
    struct si_text *text = si_text_create(guide->station->network.text);
    int result = text != NULL ? 0 : -ENOMEM;
    for (size_t i = 0; result == 0 && i < guide->transport->service_count; i++) {
        const struct eit_source source = {.service = &guide->transport->services[i],
                                          .is_actual = true,
                                          .timeline = guide->timelines[i],
                                          .schedule_version = guide->edition % VERSION_MODULO};
        if (source.timeline == NULL || guide->station->network.eit_days == 0) {
            continue;
        }
        result = write_set(guide, text, &source, day, &set);
        for (size_t k = 0; result == 0 && k < set.section_count; k++) {
            put_section(&player, set.bytes + set.sections[k].offset, set.sections[k].size);
        }
    }
    fill_round(&player);
    eit_set_finish(&set);
    si_text_destroy(text);
    return result < 0 ? result : result_of(files);
}

/* --- Present and following ------------------------------------------------------------------- */

static void write_index(struct player *player, const struct player *before,
                        const struct service *service, int64_t time_s, int event_id)
{
    struct civil civil = {0};
    const int second = (int)(time_s % EIT_DAY_S);
    civil_date(time_s / EIT_DAY_S, &civil);
    fprintf(player->files->index,
            "%04d-%02d-%02dT%02d:%02d:%02dZ,%d,%d,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            "\n",
            civil.year, civil.month, civil.day, second / 3600, second / 60 % 60, second % 60,
            service->service_id, event_id, before->bytes, player->bytes - before->bytes,
            before->packets, player->packets - before->packets);
}

/* Present (programme `n`) and the one after it, from `time_s` on. */
static void write_pair(struct player *player, const struct publish_guide *guide,
                       struct si_text *text, size_t service, int64_t n, int64_t time_s)
{
    const struct player before = *player;
    const struct si_eit eit = {.station = guide->station,
                               .service = &guide->transport->services[service],
                               .table_id = EIT_TABLE_ID_PF_ACTUAL,
                               .version = (int)((n + guide->edition) % VERSION_MODULO)};
    int event_id = 0;
    for (int number = 0; number < 2; number++) {
        uint8_t section[SI_SECTION_MAX];
        struct si_event event;
        const bool has_event = si_event_of_programme(guide->timelines[service], n + number, &event);
        event_id = number == 0 && has_event ? event.event_id : event_id;
        put_section(player, section,
                    si_eit_pf(&eit, text, number, has_event ? &event : NULL, section));
    }
    write_index(player, &before, eit.service, time_s, event_id);
}

/* The next moment after `frame` at which some service goes on to another programme. */
static int64_t next_change(const struct publish_guide *guide, int64_t frame)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < guide->transport->service_count; i++) {
        size_t first = 0;
        size_t end = 0;
        struct timeline *timeline = guide->timelines[i];
        if (timeline == NULL ||
            !timeline_programme_events(timeline, timeline_programme(timeline, frame) + 1, &first,
                                       &end)) {
            continue;
        }
        const int64_t start = timeline_plan(timeline)->events[first].start;
        next = start < next ? start : next;
    }
    return next;
}

/* All pairs that begin at `frame`; at the start of the day those of all services. */
static void write_moment(struct player *player, const struct publish_guide *guide,
                         struct si_text *text, int64_t frame, bool is_first)
{
    for (size_t i = 0; i < guide->transport->service_count; i++) {
        struct timeline *timeline = guide->timelines[i];
        const int64_t n = timeline != NULL ? timeline_programme(timeline, frame) : -1;
        const bool has_changed =
            timeline != NULL && (is_first || timeline_programme(timeline, frame - 1) != n);
        if (has_changed && n >= 0) {
            write_pair(player, guide, text, i, n, frame / FRAMES_PER_SECOND);
        }
    }
}

int publish_eit_pf(const struct publish_guide *guide, int64_t day, const struct eit_files *files)
{
    struct player player = {.files = files};
    const int64_t from = day * FRAMES_PER_DAY;
    const int64_t to = from + FRAMES_PER_DAY;
    struct si_text *text = si_text_create(guide->station->network.text);
    if (text == NULL) {
        return -ENOMEM;
    }
    fputs("utc,service_id,event_id,section_byte,section_bytes,packet,packets\n", files->index);
    for (int64_t frame = from; frame < to; frame = next_change(guide, frame)) {
        write_moment(&player, guide, text, frame, frame == from);
    }
    fill_round(&player);
    si_text_destroy(text);
    return result_of(files);
}
