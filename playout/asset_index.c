/* SPDX-License-Identifier: MIT */
#include "playout/asset_index.h"

#include "playout/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the index is mapped as it is stored: little-endian"
#endif

enum {
    SIZE_MAX_AU = 4 << 20, /* no access unit of any profile comes near */
    DELAY_MAX = 16,
    DURATION_MAX = 10 * 24 * 3600 * FRAMES_PER_SECOND,
};

static bool header_is_sound(const struct asset_index_header *header, size_t size)
{
    const uint64_t entries = (uint64_t)header->video_count + header->audio_count;
    return memcmp(header->magic, ASSET_INDEX_MAGIC, sizeof(header->magic)) == 0 &&
           size == sizeof(*header) + entries * sizeof(struct au_entry) &&
           header->duration_frames >= EVENT_MIN_FRAMES && header->duration_frames <= DURATION_MAX &&
           header->pictures_per_frame >= 1 && header->pictures_per_frame <= 2 &&
           header->join_grid_frames >= 1 &&
           header->duration_frames % header->join_grid_frames == 0 &&
           header->video_count == header->duration_frames * header->pictures_per_frame &&
           header->audio_count ==
               header->duration_frames / header->join_grid_frames * header->audio_per_grid &&
           header->max_video_size <= SIZE_MAX_AU && header->max_audio_size <= SIZE_MAX_AU &&
           header->profile[sizeof(header->profile) - 1] == '\0' && header->is_cut_anywhere <= 1;
}

static bool entry_is_sound(const struct asset_index_header *header, const struct au_entry *entry,
                           uint32_t max_size)
{
    return entry->size > 0 && entry->size <= max_size && entry->offset <= header->asset_size &&
           entry->size <= header->asset_size - entry->offset && entry->display_delay <= DELAY_MAX &&
           (entry->flags & ~AU_RANDOM_ACCESS) == 0 && entry->reserved == 0;
}

static bool entries_are_sound(const struct asset_index *index)
{
    const struct asset_index_header *header = index->header;
    const uint32_t gop = (uint32_t)GOP_FRAMES * header->pictures_per_frame;
    for (uint32_t i = 0; i < header->video_count; i++) {
        const struct au_entry *entry = &index->video[i];
        const bool is_start = i % gop == 0;
        if (!entry_is_sound(header, entry, header->max_video_size) ||
            ((entry->flags & AU_RANDOM_ACCESS) != 0) != is_start) {
            return false;
        }
    }
    for (uint32_t i = 0; i < header->audio_count; i++) {
        const struct au_entry *entry = &index->audio[i];
        if (!entry_is_sound(header, entry, header->max_audio_size) || entry->flags != 0) {
            return false;
        }
    }
    return true;
}

int asset_index_parse(struct asset_index *index, const void *bytes, size_t size)
{
    struct asset_index parsed = {.header = bytes, .mapped_size = size};
    if (size < sizeof(*parsed.header) || !header_is_sound(parsed.header, size)) {
        return -EBADMSG;
    }
    parsed.video = (const struct au_entry *)(parsed.header + 1);
    parsed.audio = parsed.video + parsed.header->video_count;
    if (!entries_are_sound(&parsed)) {
        return -EBADMSG;
    }
    *index = parsed;
    return 0;
}

int asset_index_open(struct asset_index *index, const char *path)
{
    int result = 0;
    void *bytes = MAP_FAILED;
    struct stat status = {0};

    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0) {
        result = -errno;
        goto cleanup;
    }
    if ((size_t)status.st_size < sizeof(struct asset_index_header)) {
        result = -EBADMSG;
        goto cleanup;
    }
    bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED) {
        result = -errno;
        goto cleanup;
    }
    result = asset_index_parse(index, bytes, (size_t)status.st_size);
    /* The check has touched every page; they come back from the page cache as needed. */
    madvise(bytes, (size_t)status.st_size, MADV_DONTNEED);

cleanup:
    if (result < 0 && bytes != MAP_FAILED) {
        munmap(bytes, (size_t)status.st_size);
    }
    if (fd >= 0) {
        close(fd);
    }
    return result;
}

void asset_index_close(struct asset_index *index)
{
    if (index->header != NULL) {
        munmap((void *)(uintptr_t)index->header, index->mapped_size);
    }
    *index = (struct asset_index){0};
}

static uint32_t largest(const struct au_entry *entries, size_t count)
{
    uint32_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size = entries[i].size > size ? entries[i].size : size;
    }
    return size;
}

static bool is_in_display_order(const struct au_entry *video, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (video[i].display_delay != video[0].display_delay) {
            return false;
        }
    }
    return true;
}

void asset_index_set_format(struct asset_index_header *header, const struct profile *profile)
{
    snprintf(header->profile, sizeof(header->profile), "%s", profile->name);
    header->pictures_per_frame = (uint8_t)profile_pictures_per_frame(profile);
    header->join_grid_frames = (uint8_t)profile->join_grid_frames;
    header->audio_per_grid = (uint8_t)profile->audio.es.units_per_grid;
    header->video_count = header->duration_frames * header->pictures_per_frame;
    header->audio_count =
        header->duration_frames / header->join_grid_frames * header->audio_per_grid;
}

int asset_index_put(int fd, struct asset_index_header *header, const struct au_entry *video,
                    const struct au_entry *audio)
{
    memcpy(header->magic, ASSET_INDEX_MAGIC, sizeof(header->magic));
    header->max_video_size = largest(video, header->video_count);
    header->max_audio_size = largest(audio, header->audio_count);
    header->is_cut_anywhere = is_in_display_order(video, header->video_count);
    int result = durable_write_all(fd, header, sizeof(*header));
    result =
        result < 0 ? result : durable_write_all(fd, video, sizeof(*video) * header->video_count);
    return result < 0 ? result : durable_write_all(fd, audio, sizeof(*audio) * header->audio_count);
}

int asset_index_write(const char *path, struct asset_index_header *header,
                      const struct au_entry *video, const struct au_entry *audio)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return -errno;
    }
    int result = asset_index_put(fd, header, video, audio);
    if (result == 0 && fsync(fd) < 0) {
        result = -errno;
    }
    if (close(fd) < 0 && result == 0) {
        result = -errno;
    }
    if (result < 0) {
        unlink(path);
    }
    return result;
}

bool asset_index_may_end(const struct asset_index *index, int64_t in_point, int64_t frames)
{
    const struct asset_index_header *header = index->header;
    const int64_t end_frame = in_point + frames;
    if (in_point < 0 || frames <= 0 || end_frame > header->duration_frames) {
        return false;
    }
    if (header->is_cut_anywhere != 0 || end_frame == header->duration_frames ||
        end_frame % GOP_FRAMES == 0) {
        return true;
    }
    /* The GOP is closed: look back to its start for a picture shown after the cut.
     * Access unit j is shown at j + delay - (delay of the GOP's first, the reorder delay). */
    const int64_t end = end_frame * header->pictures_per_frame;
    const int64_t gop = end - end % ((int64_t)GOP_FRAMES * header->pictures_per_frame);
    const int64_t reorder = index->video[gop].display_delay;
    for (int64_t j = gop; j < end; j++) {
        if (j + index->video[j].display_delay - reorder >= end) {
            return false;
        }
    }
    return true;
}
