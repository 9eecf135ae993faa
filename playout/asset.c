/* SPDX-License-Identifier: MIT */
#include "playout/asset.h"

#include "playout/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(SHA256_SIZE == SHA256_DIGEST_SIZE, "the same digest");

enum {
    RECORD_FORMAT = 1,
    READ_SIZE = 1 << 16,
};

struct asset {
    atomic_int references;
    char sha256[SHA256_HEX_SIZE];
    struct asset_index index;
    int fd;         /* of the .mp4; -1 when it is in memory */
    uint8_t *bytes; /* the whole .mp4, or NULL */
};

static const char *const KIND_NAMES[] = {
    [ASSET_LESSON] = "lesson",
    [ASSET_FILLER] = "filler",
    [ASSET_SLATE] = "slate",
    [ASSET_CARD] = "card",
};

enum { KIND_COUNT = sizeof(KIND_NAMES) / sizeof(KIND_NAMES[0]) };

const char *asset_kind_name(enum asset_kind kind)
{
    return KIND_NAMES[kind];
}

int asset_kind_parse(const char *name, enum asset_kind *kind)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strcmp(KIND_NAMES[i], name) == 0) {
            *kind = (enum asset_kind)i;
            return 0;
        }
    }
    return -EINVAL;
}

bool asset_is_sha256(const char *text)
{
    return strspn(text, "0123456789abcdef") == SHA256_HEX_SIZE - 1 &&
           text[SHA256_HEX_SIZE - 1] == '\0';
}

char *asset_path(const char *media, const char *sha256, const char *suffix)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s.%s", media, sha256, suffix) < 0 ? NULL : path;
}

void asset_record_finish(struct asset_record *record)
{
    free(record->house_number);
    free(record->profile);
    free(record->title);
    free(record->source);
    *record = (struct asset_record){0};
}

static char *copy_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? strdup(text) : NULL;
}

static int parse_record(const json_t *object, struct asset_record *record)
{
    const char *sha256 = json_string_value(json_object_get(object, "sha256"));
    const char *kind = json_string_value(json_object_get(object, "kind"));
    const json_t *proof = json_object_get(object, "proof");
    if (json_integer_value(json_object_get(object, "format")) != RECORD_FORMAT || sha256 == NULL ||
        !asset_is_sha256(sha256) || kind == NULL || asset_kind_parse(kind, &record->kind) < 0 ||
        !json_is_string(proof)) {
        return -EBADMSG;
    }
    memcpy(record->sha256, sha256, SHA256_HEX_SIZE);
    record->duration_frames = json_integer_value(json_object_get(object, "duration_frames"));
    record->loudness_lkfs = json_number_value(json_object_get(object, "loudness_lkfs"));
    record->true_peak_dbtp = json_number_value(json_object_get(object, "true_peak_dbtp"));
    record->is_proven = strcmp(json_string_value(proof), "holds") == 0;
    record->created_ms = json_integer_value(json_object_get(object, "created_ms"));
    record->house_number = copy_string(object, "house_number");
    record->profile = copy_string(object, "profile");
    record->title = copy_string(object, "title");
    record->source = copy_string(object, "source");
    const bool is_whole = record->house_number != NULL && record->profile != NULL &&
                          record->title != NULL && record->source != NULL &&
                          record->duration_frames > 0;
    return is_whole ? 0 : -EBADMSG;
}

int asset_record_load(const char *path, struct asset_record *record)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return -errno;
    }
    json_t *object = json_loadf(file, JSON_REJECT_DUPLICATES, NULL);
    fclose(file);

    struct asset_record loaded = {0};
    const int result = object != NULL ? parse_record(object, &loaded) : -EBADMSG;
    json_decref(object);
    if (result < 0) {
        asset_record_finish(&loaded);
        return result;
    }
    *record = loaded;
    return 0;
}

static json_t *record_to_json(const struct asset_record *record)
{
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:I, s:f, s:f, s:s, s:s, s:I}", "format",
                     RECORD_FORMAT, "sha256", record->sha256, "house_number", record->house_number,
                     "kind", asset_kind_name(record->kind), "profile", record->profile, "title",
                     record->title, "duration_frames", (json_int_t)record->duration_frames,
                     "loudness_lkfs", record->loudness_lkfs, "true_peak_dbtp",
                     record->true_peak_dbtp, "proof", record->is_proven ? "holds" : "fails",
                     "source", record->source, "created_ms", (json_int_t)record->created_ms);
}

int asset_record_save(const char *path, const struct asset_record *record)
{
    json_t *object = record_to_json(record);
    const int result =
        object != NULL ? durable_save_json(path, object, JSON_INDENT(2) | JSON_REAL_PRECISION(6))
                       : -ENOMEM;
    json_decref(object);
    return result;
}

void asset_hex(const uint8_t digest[SHA256_SIZE], char hex[SHA256_HEX_SIZE])
{
    static const char DIGITS[] = "0123456789abcdef";
    for (int i = 0; i < SHA256_SIZE; i++) {
        hex[2 * i] = DIGITS[digest[i] >> 4];
        hex[2 * i + 1] = DIGITS[digest[i] & 0x0f];
    }
    hex[SHA256_HEX_SIZE - 1] = '\0';
}

static bool for_ever(void *context)
{
    (void)context;
    return true;
}

/* Reads by position, so that a file open for air is not disturbed. */
static int hash_fd(int fd, bool (*goes_on)(void *context), void *context,
                   char sha256[SHA256_HEX_SIZE])
{
    struct sha256_ctx hash;
    uint8_t digest[SHA256_SIZE];
    uint8_t *buffer = malloc(READ_SIZE);
    off_t offset = 0;
    ssize_t got = 0;
    int result = 0;
    if (buffer == NULL) {
        return -ENOMEM;
    }
    sha256_init(&hash);
    while (result == 0 && (got = pread(fd, buffer, READ_SIZE, offset)) > 0) {
        sha256_update(&hash, (size_t)got, buffer);
        offset += got;
        result = goes_on(context) ? 0 : -ECANCELED;
    }
    result = got < 0 ? -errno : result;
    free(buffer);
    if (result == 0) {
        sha256_digest(&hash, SHA256_SIZE, digest);
        asset_hex(digest, sha256);
    }
    return result;
}

int asset_hash_file_while(const char *path, bool (*goes_on)(void *context), void *context,
                          char sha256[SHA256_HEX_SIZE])
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    const int result = hash_fd(fd, goes_on, context, sha256);
    close(fd);
    return result;
}

int asset_hash_file(const char *path, char sha256[SHA256_HEX_SIZE])
{
    return asset_hash_file_while(path, for_ever, NULL, sha256);
}

static int open_index(struct asset *asset, const char *media)
{
    char *path = asset_path(media, asset->sha256, "idx");
    if (path == NULL) {
        return -ENOMEM;
    }
    int result = asset_index_open(&asset->index, path);
    free(path);
    if (result == 0) {
        char hex[SHA256_HEX_SIZE];
        asset_hex(asset->index.header->asset_sha256, hex);
        result = strcmp(hex, asset->sha256) == 0 ? 0 : -EBADMSG;
    }
    return result;
}

static int open_media(struct asset *asset, const char *media)
{
    char *path = asset_path(media, asset->sha256, "mp4");
    if (path == NULL) {
        return -ENOMEM;
    }
    asset->fd = open(path, O_RDONLY | O_CLOEXEC);
    const int error = errno;
    free(path);
    if (asset->fd < 0) {
        return -error;
    }
    struct stat status;
    if (fstat(asset->fd, &status) < 0) {
        return -errno;
    }
    return (uint64_t)status.st_size == asset->index.header->asset_size ? 0 : -EBADMSG;
}

static int read_at(int fd, uint8_t *bytes, size_t size, uint64_t offset)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = pread(fd, bytes + done, size - done, (off_t)(offset + done));
        if (got <= 0) {
            return -EIO;
        }
        done += (size_t)got;
    }
    return 0;
}

static int load_whole(struct asset *asset)
{
    const size_t size = asset->index.header->asset_size;
    asset->bytes = malloc(size);
    if (asset->bytes == NULL) {
        return -ENOMEM;
    }
    const int result = read_at(asset->fd, asset->bytes, size, 0);
    close(asset->fd);
    asset->fd = -1;
    return result;
}

int asset_open(const char *media, const char *sha256, bool in_memory, struct asset **asset)
{
    struct asset *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return -ENOMEM;
    }
    atomic_init(&fresh->references, 1);
    fresh->fd = -1;
    memcpy(fresh->sha256, sha256, SHA256_HEX_SIZE);
    int result = open_index(fresh, media);
    if (result == 0) {
        result = open_media(fresh, media);
    }
    if (result == 0 && in_memory) {
        result = load_whole(fresh);
    }
    if (result < 0) {
        asset_unref(fresh);
        return result;
    }
    *asset = fresh;
    return 0;
}

struct asset *asset_ref(struct asset *asset)
{
    atomic_fetch_add(&asset->references, 1);
    return asset;
}

void asset_unref(struct asset *asset)
{
    if (asset == NULL || atomic_fetch_sub(&asset->references, 1) != 1) {
        return;
    }
    asset_index_close(&asset->index);
    if (asset->fd >= 0) {
        close(asset->fd);
    }
    free(asset->bytes);
    free(asset);
}

const char *asset_sha256(const struct asset *asset)
{
    return asset->sha256;
}

const struct asset_index *asset_index_of(const struct asset *asset)
{
    return &asset->index;
}

int asset_verify(const struct asset *asset)
{
    char sha256[SHA256_HEX_SIZE];
    if (asset->bytes != NULL) {
        struct sha256_ctx context;
        uint8_t digest[SHA256_SIZE];
        sha256_init(&context);
        sha256_update(&context, asset->index.header->asset_size, asset->bytes);
        sha256_digest(&context, SHA256_SIZE, digest);
        asset_hex(digest, sha256);
    } else {
        const int result = hash_fd(asset->fd, for_ever, NULL, sha256);
        if (result < 0) {
            return result;
        }
    }
    return strcmp(sha256, asset->sha256) == 0 ? 0 : -EBADMSG;
}

int asset_read(const struct asset *asset, uint64_t offset, uint8_t *bytes, size_t size)
{
    if (asset->bytes != NULL) {
        const uint64_t whole = asset->index.header->asset_size;
        if (offset > whole || size > whole - offset) {
            return -EIO;
        }
        memcpy(bytes, asset->bytes + offset, size);
        return 0;
    }
    return read_at(asset->fd, bytes, size, offset);
}

const uint8_t *asset_in_memory(const struct asset *asset)
{
    return asset->bytes;
}
