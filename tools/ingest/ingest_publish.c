/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_publish.h"

#include "playout/durable.h"
#include "playout/intl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORK_PREFIX ".ingest-"

enum { PREFIX_SIZE = 160 };

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_tree(const char *folder)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* ".ingest-HOST-": several machines may share the folder, and have processes of the same number. */
static void name_prefix(char prefix[PREFIX_SIZE])
{
    char host[PREFIX_SIZE / 2] = "";
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(prefix, PREFIX_SIZE, WORK_PREFIX "%s-", host);
}

/* True for the folder of a process of this machine that is gone. */
static bool is_left_over(const char *name, const char *prefix)
{
    int pid = 0;
    return strncmp(name, prefix, strlen(prefix)) == 0 &&
           sscanf(name + strlen(prefix), "%d-", &pid) == 1 && pid > 1 && kill(pid, 0) < 0 &&
           errno == ESRCH;
}

/* Folders that a killed process has left behind. */
static void remove_leftovers(const char *media, const char *prefix)
{
    DIR *directory = opendir(media);
    if (directory == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char *path = NULL;
        if (is_left_over(entry->d_name, prefix) &&
            asprintf(&path, "%s/%s", media, entry->d_name) >= 0) {
            remove_tree(path);
            free(path);
        }
    }
    closedir(directory);
}

char *ingest_work_create(const char *media, struct ingest_failure *failure)
{
    char prefix[PREFIX_SIZE];
    char *folder = NULL;
    const int result = durable_make_folder(media);
    if (result < 0) {
        ingest_fail(failure, result, _("the media folder %s cannot be made: %s"), media,
                    strerror(-result));
        return NULL;
    }
    name_prefix(prefix);
    remove_leftovers(media, prefix);
    if (asprintf(&folder, "%s/%s%d-XXXXXX", media, prefix, (int)getpid()) < 0) {
        return NULL;
    }
    if (mkdtemp(folder) == NULL) {
        ingest_fail(failure, -errno, _("the media folder %s cannot be written: %s"), media,
                    strerror(errno));
        free(folder);
        return NULL;
    }
    return folder;
}

void ingest_work_destroy(char *folder)
{
    if (folder != NULL) {
        remove_tree(folder);
        free(folder);
    }
}

static int sync_path(const char *path, const struct ingest_watcher *watcher)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    const int result = durable_sync_while(fd, watcher->goes_on, watcher->context);
    close(fd);
    return result;
}

static void set_digest(struct asset_index_header *header, const char *sha256)
{
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        const char pair[3] = {sha256[2 * i], sha256[2 * i + 1], '\0'};
        header->asset_sha256[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
}

/* Media file, index, and, when both are there for good, the record. */
static int move_in(const char *media, const char *path, const struct asset_index *index,
                   const struct asset_record *record)
{
    struct asset_index_header header = *index->header;
    int result = -ENOMEM;
    char *work_index = NULL;
    char *mp4 = asset_path(media, record->sha256, "mp4");
    char *idx = asset_path(media, record->sha256, "idx");
    char *json = asset_path(media, record->sha256, "json");
    if (mp4 == NULL || idx == NULL || json == NULL || asprintf(&work_index, "%s.whole", path) < 0) {
        goto cleanup;
    }
    set_digest(&header, record->sha256);
    result = asset_index_write(work_index, &header, index->video, index->audio);
    /* Read-only: an index that is cut short in place would end the engine that has it mapped. */
    if (result == 0 && (chmod(path, 0444) < 0 || chmod(work_index, 0444) < 0 ||
                        rename(path, mp4) < 0 || rename(work_index, idx) < 0)) {
        result = -errno;
    }
    if (result == 0) {
        result = asset_record_save(json, record); /* syncs the folder */
    }

cleanup:
    free(work_index);
    free(mp4);
    free(idx);
    free(json);
    return result;
}

/*
 * A film has one record: a second house number would take it from the first, which then airs
 * nothing.  0; or -EEXIST, and says so.
 */
static int check_number(const char *media, const struct asset_record *record,
                        struct ingest_failure *failure)
{
    struct asset_record old = {0};
    char *path = asset_path(media, record->sha256, "json");
    int result = path != NULL ? 0 : -ENOMEM;
    if (result == 0 && asset_record_load(path, &old) == 0 &&
        strcmp(old.house_number, record->house_number) != 0) {
        result =
            ingest_fail_film(failure, -EEXIST,
                             _("the same film is there already, as %s: plan it under that number. "
                               "To keep both numbers, ingest it with another --preset than last "
                               "time, as slow. If %s is a slip: rm '%s', and ingest again"),
                             old.house_number, old.house_number, path);
    }
    asset_record_finish(&old);
    free(path);
    return result;
}

int ingest_publish(const char *media, const char *path, const struct asset_index *index,
                   struct asset_record *record, const struct ingest_watcher *watcher,
                   struct ingest_failure *failure)
{
    int result = sync_path(path, watcher);
    if (result == 0) {
        result = asset_hash_file_while(path, watcher->goes_on, watcher->context, record->sha256);
    }
    if (result == 0) {
        result = check_number(media, record, failure);
    }
    if (result == 0 && !watcher->may_publish(watcher->context)) {
        result = -ECANCELED;
    }
    if (result == -ECANCELED) {
        return ingest_fail(failure, result, _("interrupted"));
    }
    if (result == 0) {
        result = move_in(media, path, index, record);
    }
    if (result < 0) {
        return ingest_fail(failure, result, _("the asset cannot be kept in %s: %s"), media,
                           strerror(-result));
    }
    return 0;
}
