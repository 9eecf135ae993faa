/* SPDX-License-Identifier: MIT */
#include "playout/eit_schedule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum { SECTION_OVERHEAD = SI_EIT_HEADER_SIZE + SI_CRC_SIZE };

/* --- The set ---------------------------------------------------------------- */

void eit_set_finish(struct eit_set *set)
{
    free(set->bytes);
    free(set->sections);
    *set = (struct eit_set){0};
}

/* Room for `wanted` elements of `size` bytes; the array, perhaps moved, or NULL. */
static void *grow(void *array, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *capacity) {
        return array;
    }
    const size_t fresh = wanted + wanted / 2 + 64;
    void *moved = realloc(array, fresh * size);
    if (moved != NULL) {
        *capacity = fresh;
    }
    return moved;
}

/* A section at the end, with room for one of the greatest size: 0 or -ENOMEM. */
static int add_section(struct eit_set *set, int table, int number)
{
    uint8_t *bytes = grow(set->bytes, &set->capacity, set->used + SI_EIT_SECTION_MAX, 1);
    if (bytes == NULL) {
        return -ENOMEM;
    }
    set->bytes = bytes;
    struct eit_section *sections = grow(set->sections, &set->section_capacity,
                                        set->section_count + 1, sizeof(set->sections[0]));
    if (sections == NULL) {
        return -ENOMEM;
    }
    set->sections = sections;
    set->sections[set->section_count++] = (struct eit_section){
        .offset = set->used,
        .size = SECTION_OVERHEAD,
        .number = (uint8_t)number,
        .table = (uint8_t)table,
    };
    return 0;
}

static struct eit_section *last_section(struct eit_set *set)
{
    return &set->sections[set->section_count - 1];
}

/* --- Events ----------------------------------------------------------------- */

bool si_event_of_programme(const struct timeline *timeline, int64_t n, struct si_event *event)
{
    size_t first = 0;
    size_t end = 0;
    if (!timeline_programme_events(timeline, n, &first, &end)) {
        return false;
    }
    const struct plan_event *events = timeline_plan(timeline)->events;
    const int64_t start = events[first].start;
    const int64_t stop = events[end - 1].start + events[end - 1].duration;
    *event = (struct si_event){
        .event_id = (uint16_t)events[first].programme,
        .start_s = start / FRAMES_PER_SECOND,
        .duration_s = stop / FRAMES_PER_SECOND - start / FRAMES_PER_SECOND,
        .title = events[first].title,
        .text = events[first].text,
        .has_subtitles = events[first].has_subtitles,
        .is_signed = events[first].is_signed,
    };
    if (events[first].genre == NULL || si_genre_parse(events[first].genre, &event->genre) < 0) {
        event->genre = GENRE_EDUCATION;
    }
    return event->title != NULL;
}

/* --- Schedule --------------------------------------------------------------- */

/* A schedule while it is written. */
struct writer {
    struct eit_set *set;
    struct si_text *text;
    const struct eit_extent *extent;
    struct si_eit eit;
    int segment;  /* the one being written, from the first day's start; -1: none yet */
    int segments; /* in all */
};

/*
 * A plan that changes the schedule raises the journal's version, 00:00 UTC the
 * day: each is one more.  How much is told follows from the two, so a change
 * of it needs no number of its own.
 */
static int version_of(const struct eit_source *source, const struct eit_extent *extent)
{
    return (int)((source->schedule_version + extent->day) & 0x1f);
}

/* Begins a section of the segment being written. */
static int next_section(struct writer *writer, int index_in_segment)
{
    const int table = writer->segment / EIT_SEGMENTS_PER_TABLE;
    const int number = writer->segment % EIT_SEGMENTS_PER_TABLE * EIT_SECTIONS_PER_SEGMENT;
    return add_section(writer->set, table, number + index_in_segment);
}

static void close_section(struct eit_set *set)
{
    set->used += last_section(set)->size;
}

/* Moves on to a segment; those in between have no events. */
static int go_to_segment(struct writer *writer, int segment)
{
    int result = 0;
    while (writer->segment < segment && result == 0) {
        if (writer->segment >= 0) {
            close_section(writer->set);
        }
        writer->segment++;
        if (writer->segment < writer->segments) {
            result = next_section(writer, 0);
        }
    }
    return result;
}

static int write_event(struct writer *writer, const struct si_event *event)
{
    struct eit_set *set = writer->set;
    const int64_t offset_s = event->start_s - writer->extent->day * EIT_DAY_S;
    int result = go_to_segment(writer, (int)(offset_s / EIT_SEGMENT_S));
    uint8_t bytes[SI_EVENT_MAX];
    const size_t size =
        si_eit_event(&writer->eit, writer->text, event, (enum si_detail)writer->extent->detail,
                     bytes, writer->extent->size_max - SECTION_OVERHEAD);
    if (result < 0) {
        return result;
    }
    struct eit_section *section = last_section(set);
    if (section->size + size > writer->extent->size_max) {
        const int index = section->number % EIT_SECTIONS_PER_SEGMENT + 1;
        if (index == writer->extent->sections) {
            set->left_out++;
            return 0;
        }
        close_section(set);
        result = next_section(writer, index);
        if (result < 0) {
            return result;
        }
        section = last_section(set);
    }
    if (size == 0) {
        set->left_out++;
        return 0;
    }
    memcpy(set->bytes + section->offset + section->size - SI_CRC_SIZE, bytes, size);
    section->size = (uint16_t)(section->size + size);
    set->events++;
    return 0;
}

/* The number of the first programme that begins at `frame` or later. */
static int64_t first_programme(const struct timeline *timeline, int64_t frame)
{
    const int64_t n = timeline_programme(timeline, frame);
    size_t first = 0;
    size_t end = 0;
    if (n < 0) {
        return 0;
    }
    const bool is_there = timeline_programme_events(timeline, n, &first, &end);
    return is_there && timeline_plan(timeline)->events[first].start < frame ? n + 1 : n;
}

static int write_events(struct writer *writer, const struct timeline *timeline)
{
    const int64_t from_s = writer->extent->day * EIT_DAY_S;
    const int64_t until_s = from_s + (int64_t)writer->extent->days * EIT_DAY_S;
    int64_t n = first_programme(timeline, from_s * FRAMES_PER_SECOND);
    size_t first = 0;
    size_t end = 0;
    int result = 0;
    for (; result == 0 && timeline_programme_events(timeline, n, &first, &end); n++) {
        struct si_event event;
        if (timeline_plan(timeline)->events[first].start >= until_s * FRAMES_PER_SECOND) {
            break;
        }
        if (si_event_of_programme(timeline, n, &event)) {
            result = write_event(writer, &event);
        }
    }
    return result < 0 ? result : go_to_segment(writer, writer->segments);
}

/* The numbers of all sections are known: completes them. */
static void complete(struct writer *writer)
{
    struct eit_set *set = writer->set;
    const int first_id = writer->eit.table_id;
    const int last_table = set->sections[set->section_count - 1].table;
    int last_in_table = 0;
    int last_in_segment = 0;
    for (size_t i = set->section_count; i-- > 0;) {
        const struct eit_section *section = &set->sections[i];
        const bool ends_table = i + 1 == set->section_count || section[1].table != section->table;
        const bool ends_segment = ends_table || section[1].number % EIT_SECTIONS_PER_SEGMENT == 0;
        last_in_table = ends_table ? section->number : last_in_table;
        last_in_segment = ends_segment ? section->number : last_in_segment;
        const struct si_eit_numbers numbers = {
            .section = section->number,
            .last_section = last_in_table,
            .segment_last_section = last_in_segment,
            .last_table_id = first_id + last_table,
        };
        struct si_eit eit = writer->eit;
        eit.table_id = first_id + section->table;
        si_eit_schedule(&eit, &numbers, section->size - SECTION_OVERHEAD,
                        set->bytes + section->offset);
    }
}

int eit_set_write(struct eit_set *set, const struct station *station, struct si_text *text,
                  const struct eit_source *source, const struct eit_extent *extent)
{
    struct writer writer = {
        .set = set,
        .text = text,
        .extent = extent,
        .eit = {.station = station,
                .service = source->service,
                .table_id = source->is_actual ? EIT_TABLE_ID_SCHED_ACTUAL_FIRST
                                              : EIT_TABLE_ID_SCHED_OTHER_FIRST,
                .version = version_of(source, extent)},
        .segment = -1,
        .segments = station->network.eit_days * EIT_SEGMENTS_PER_DAY,
    };
    set->used = 0;
    set->section_count = 0;
    set->events = 0;
    set->left_out = 0;
    const int result = write_events(&writer, source->timeline);
    if (result == 0) {
        complete(&writer);
    }
    return result;
}
